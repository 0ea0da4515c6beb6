/** What a matcher gives back, to vitest and to Jest alike. */
export interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What a matcher is called with as `this`. */
export interface Asked {
  readonly isNot?: boolean;
}

/** "not " where the assertion is a negated one. */
export function negation({ isNot }: Asked): string {
  return isNot === true ? "not " : "";
}
