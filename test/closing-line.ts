import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one plain line, `12 passed, 0 failed, 1 skipped`, after everything else is printed. */
export default class ClosingLine implements Reporter {
  readonly #note: string | undefined;
  #line = "";

  /** @param note said once, at the start of the run */
  constructor(note?: string) {
    this.#note = note;
  }

  onInit(): void {
    if (this.#note) console.log(this.#note);
    process.once("exit", () => {
      if (this.#line) console.log(this.#line);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      // A file that does not load, or a hook that throws, fails without failing any one test.
      for (const suite of [module, ...module.children.allSuites()]) {
        if (suite.errors().length > 0) count.failed++;
      }
    }
    const skipped = count.skipped + count.pending;
    this.#line = `${count.passed} passed, ${count.failed} failed, ${skipped} skipped`;
  }
}
