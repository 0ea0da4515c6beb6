import { inNameOf } from "../../graph/errors.ts";
import type { Inputs } from "../../graph/index.ts";
import type { Fused } from "../../ops/index.ts";
import type { MutationOptions } from "../certify/mutation/points.ts";
import { type MutationScore, mutationScore, survivorsText } from "../certify/mutation/score.ts";
import { type Asked, negation, type Outcome } from "./outcome.ts";

/**
 * The test notices every error that can be planted in the op's backward, but for those that are none: see
 * `mutationScore`. Fails with the errors that it lets pass, and what would notice them.
 *
 * @throws ArgumentError, by rejecting, for what is no op with a reference, a test that is no function, a test that
 *   objects to the op as it is, or options that are none
 */
export async function toKillAllMutants<I extends Inputs, P>(
  this: Asked,
  op: Fused<I, P>,
  test: (op: Fused<I, P>) => unknown,
  options?: MutationOptions<I, P>,
): Promise<Outcome> {
  const score = await scored(op, test, options);
  const { subject, killed, total, survivors, equivalent } = score;
  const said = `expected the test ${negation(this)}to kill all mutants of ${subject}`;
  const none =
    equivalent.length === 0 ? "" : ` (${equivalent.length} more change nothing that can be tested)`;
  return {
    pass: survivors.length === 0,
    message: () =>
      `${said}: ${killed} of ${total} are killed${none}\n\n${survivorsText(survivors)}`.trimEnd(),
  };
}

async function scored<I extends Inputs, P>(
  op: Fused<I, P>,
  test: (op: Fused<I, P>) => unknown,
  options: MutationOptions<I, P> | undefined,
): Promise<MutationScore> {
  try {
    return await mutationScore(op, test, options);
  } catch (error) {
    return inNameOf("toKillAllMutants", () => {
      throw error;
    });
  }
}
