/** A tape as plain data for looking at: what `explore` makes and the explorer shows. JSON keeps it whole. */
import type { DType, JsonNumber, Shape } from "../../graph/index.ts";

/** An array: its numbers where they are few, else a coarse picture of it. */
export interface ArrayView {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Of the finite numbers; null where there is none. */
  readonly range: { readonly min: number; readonly max: number; readonly mean: number } | null;
  /** How many numbers are NaN or infinite. */
  readonly notFinite: number;
  /** The last axis from left to right, all others from top to bottom. */
  readonly rows: number;
  readonly cols: number;
  /**
   * In row-major order. Where `isCoarse`, each is the mean of a block of numbers, and rows and cols are the picture's;
   * else they are the array's numbers, all of them.
   */
  readonly cells: readonly JsonNumber[];
  readonly isCoarse: boolean;
}

/** A line of the user's code. Lines and columns count from 1. */
export interface CodePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What the walk back does at a node, as formulas: its local derivative applied to its cotangent. */
export interface LocalRule {
  /** For KaTeX: an equation an input that gets a cotangent. */
  readonly latex: string;
  /** The same in plain text, a line an equation. */
  readonly text: readonly string[];
}

export interface TapeNode {
  readonly id: number;
  readonly kind: "input" | "constant" | "op";
  /** What it is called; its own. */
  readonly label: string;
  /** The same as a symbol in LaTeX. */
  readonly symbol: string;
  /** `sub(x, mu)`, or `input`, or a constant's numbers. */
  readonly text: string;
  /** The right-hand side of its equation, in LaTeX; null for inputs and constants. */
  readonly latex: string | null;
  readonly op: string | null;
  /** Ids of the nodes that it is computed from. Scalar constants have no node: they are in the text as numbers. */
  readonly parents: readonly number[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether a derivative can flow through it. */
  readonly isActive: boolean;
  readonly isOutput: boolean;
  readonly origin: CodePlace | null;
  readonly value: ArrayView;
  /** When the walk back is over; null where no cotangent arrived. */
  readonly cotangent: ArrayView | null;
  readonly rule: LocalRule | null;
}

/** A cotangent that is added to a node's. */
export interface Gift {
  readonly to: number;
  readonly xBar: ArrayView;
  /** What the node has after that; null where it is this alone, the first to arrive. */
  readonly sum: ArrayView | null;
}

/** A step of the walk back. */
export interface BackwardMove {
  readonly id: number;
  readonly gives: readonly Gift[];
}

/** A node in a program that passes work on. */
export interface PassNode {
  readonly id: number;
  readonly label: string;
  readonly text: string;
  readonly parents: readonly number[];
  readonly isInput: boolean;
}

/** What a patch does to one node, or to what is returned. */
export type PassChange =
  /** `rule` is the rule of algebra that did it, if one did. */
  | { readonly kind: "put"; readonly node: PassNode; readonly rule: string | null }
  | { readonly kind: "drop"; readonly id: number }
  | { readonly kind: "outputs"; readonly outputs: readonly number[] };

/** A pass: its patches, one after the other, and what each of them does. */
export interface PassStep {
  readonly pass: string;
  readonly patches: readonly (readonly PassChange[])[];
}

/** How passes made a program simpler, patch by patch: that of the gradient, say, whose ids are not the tape's. */
export interface PassReplay {
  readonly before: { readonly nodes: readonly PassNode[]; readonly outputs: readonly number[] };
  readonly steps: readonly PassStep[];
}

export interface TapeDocument {
  readonly format: "wengert/tape";
  readonly version: 1;
  /** Of the function. */
  readonly name: string;
  /** In the order of the tape: each after its parents. Scalar constants are not among them. */
  readonly nodes: readonly TapeNode[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Ids of ops, in the order in which they were applied. */
  readonly forward: readonly number[];
  /** Where the cotangents at the outputs are from: 1 at a scalar, given by the caller, or drawn from a seed. */
  readonly seed: "one" | "given" | "drawn" | "none";
  /** What the walk back starts with. */
  readonly seeds: readonly Gift[];
  readonly backward: readonly BackwardMove[];
  /** The code that the nodes' origins are lines of, where it was given. */
  readonly source: { readonly file: string; readonly text: string } | null;
  readonly passes: PassReplay | null;
}
