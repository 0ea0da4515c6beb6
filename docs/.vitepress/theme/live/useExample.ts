import { useData } from "vitepress";
import { type ComputedRef, computed, onBeforeUnmount, onMounted, type Ref, ref } from "vue";
import type { Part } from "./messages.ts";
import type { Runner, RunnerEvents } from "./runner.ts";
import { type Texts, textsIn } from "./texts.ts";
import { whenSeen } from "./whenSeen.ts";

/** What a component needs that shows one part of an example once it comes into view. */
export interface Example {
  readonly host: Ref<HTMLElement | null>;
  /** What the reader is told in the meantime, or if it goes wrong; empty once the part is there. */
  readonly note: Ref<string>;
  readonly texts: ComputedRef<Texts>;
  readonly lang: Ref<string>;
}

/**
 * Run docs/examples/NAME.ts when the host comes into view, and ask for a part of what it exports. Whoever shows the
 * part calls `done`: the worker is not wanted any more.
 */
export function useExample(
  name: () => string,
  part: Part,
  events: (done: () => void) => Pick<RunnerEvents, "onTape" | "onCertificate">,
): Example {
  const { lang } = useData();
  const texts = computed(() => textsIn(lang.value));
  const host = ref<HTMLElement | null>(null);
  const note = ref("");
  let runner: Runner | null = null;
  let forget: () => void = () => undefined;

  async function load(): Promise<void> {
    const [{ sourceOf }, { Runner: Made }] = await Promise.all([
      import("./sources.ts"),
      import("./runner.ts"),
    ]);
    const code = await sourceOf(name());
    if (code === null) {
      note.value = texts.value.noExample;
      return;
    }
    const done = (): void => {
      note.value = "";
      runner?.dispose();
    };
    runner = new Made({
      onRan: () => runner?.ask(part),
      onError: ({ message }) => {
        note.value = message;
      },
      ...events(done),
    });
    runner.run(code);
  }

  onMounted(() => {
    note.value = texts.value.loading;
    forget = whenSeen(host.value!, () => void load());
  });
  onBeforeUnmount(() => {
    forget();
    runner?.dispose();
  });
  return { host, note, texts, lang };
}
