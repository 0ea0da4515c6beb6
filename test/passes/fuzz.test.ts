import { applyPatches } from "immer";
import { describe, expect, test } from "vitest";
import { rewriteByRules } from "../../src/compile/simplify/rewriteByRules.ts";
import {
  ALGEBRA_RULES,
  type AlgebraRule,
  foldConstants,
  mergeCommon,
  type Program,
  type Rewrite,
  removeDeadNodes,
  replay,
  simplify,
} from "../../src/index.ts";
import { first, firstChange } from "../laws/numbers.ts";
import { OP_NAMES } from "../support/randomProgram.ts";
import { BROKEN_RULES } from "./brokenRules.ts";
import { Reference } from "./objections.ts";
import { backwardOf, check, subjectOf } from "./subjects.ts";

const PASSES: Readonly<Record<string, (program: Program) => Rewrite>> = {
  foldConstants,
  mergeCommon,
  rules: (program) => rewriteByRules(program, ALGEBRA_RULES),
  removeDeadNodes,
};

const minutes = (n: number): { readonly timeout: number } => ({ timeout: n * 300_000 });

describe("random programs", () => {
  test("2,000 keep values and gradients under each pass and under all", minutes(3), () => {
    const counts = { programs: 0, derivatives: 0, idle: 0, nodes: 0, left: 0 };
    const used = new Set<string>();
    const changes = new Map<string, number>();
    check(2000, (random) => {
      const subject = subjectOf(random);
      const { program } = subject;
      const reference = new Reference(subject, 1);
      for (const [name, pass] of Object.entries(PASSES)) {
        const { after, patches } = pass(program);
        if (patches.length === 0) continue;
        changes.set(name, (changes.get(name) ?? 0) + 1);
        // Nothing that is computed goes with the dead.
        const found = name === "removeDeadNodes" ? null : reference.objection(after);
        if (found !== null) return `${name}: ${found}`;
      }
      const { after } = simplify(program);
      const [idle, all] = reference.idle;
      counts.programs++;
      counts.derivatives += all;
      counts.idle += idle;
      counts.nodes += Object.keys(program.nodes).length;
      counts.left += Object.keys(after.nodes).length;
      for (const { op } of Object.values(program.nodes)) if (op !== null) used.add(op.name);
      for (const { rule } of rewriteByRules(program, ALGEBRA_RULES).applied)
        changes.set(rule, (changes.get(rule) ?? 0) + 1);
      const found = reference.objection(after);
      return found === null ? null : `simplify: ${found}`;
    });
    // It proves something only if every op was there, and every pass and rule had something to do.
    expect(OP_NAMES.filter((name) => !used.has(name))).toEqual([]);
    const names = [...Object.keys(PASSES), ...ALGEBRA_RULES.map(({ name }) => name)];
    expect(names.filter((name) => (changes.get(name) ?? 0) < 10)).toEqual([]);
    expect(counts.idle).toBeLessThan(counts.derivatives / 3);
    expect(counts.left).toBeLessThan(counts.nodes / 2);
  });

  test("200 keep derivatives of second order", minutes(2), () => {
    check(
      200,
      (random) => {
        const subject = subjectOf(random);
        return new Reference(subject, 2).objection(simplify(subject.program).after);
      },
      2,
    );
  });

  test("the programs of 300 gradients keep values, to the bit, and their own gradients", minutes(2), () => {
    check(
      300,
      (random) => {
        const subject = backwardOf(subjectOf(random));
        return new Reference(subject, 1).objection(simplify(subject.program).after);
      },
      3,
    );
  });

  test("after each single patch there is a program, and it computes the same", minutes(2), () => {
    check(100, (random) => {
      const { program, x } = subjectOf(random);
      const expected = replay(program, x);
      let now = program;
      for (const { pass, patches, after } of simplify(program).steps) {
        for (const [k, patch] of patches.entries()) {
          now = applyPatches(now, [patch]);
          for (const [i, y] of replay(living(now), x).entries()) {
            const found = firstChange(y, expected[i]!);
            if (found !== null) return `patch ${k} of ${pass}: ${found}`;
          }
        }
        if (JSON.stringify(outline(now)) !== JSON.stringify(outline(after)))
          return `${pass}: patches lead elsewhere`;
      }
      return null;
    });
  });

  test("what is simple stays as it is", minutes(1), () => {
    check(100, (random) => {
      const { after } = simplify(subjectOf(random).program);
      return simplify(after).steps.length === 0 && simplify(after).after === after ? null : "it goes on";
    });
  });

  test.each(BROKEN_RULES)("object to: $statement", minutes(1), (broken: AlgebraRule) => {
    const attempt = (): void =>
      check(1000, (random) => {
        const forward = subjectOf(random);
        return first([forward, backwardOf(forward)], (subject) => {
          const { after, patches } = rewriteByRules(subject.program, [broken]);
          return patches.length === 0 ? null : new Reference(subject, 1).objection(after);
        });
      });
    expect(attempt).toThrow(/value|derivative/);
  });
});

/** What is read: a dead node may go after its parents. */
function living(program: Program): Program {
  const { nodes, inputs, outputs } = program;
  const live = new Set<number>(inputs);
  const rest = [...outputs];
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    if (!live.has(id)) rest.push(...nodes[id]!.parents);
    live.add(id);
  }
  return { ...program, nodes: Object.fromEntries([...live].map((id) => [id, nodes[id]!])) };
}

function outline({ nodes, outputs }: Program): unknown {
  return [outputs, Object.entries(nodes).map(([id, { op, parents, name }]) => [id, op?.name, parents, name])];
}
