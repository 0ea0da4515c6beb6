/** CodeMirror as examples need it: TypeScript coloured by the page's variables, lines that can be marked. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  ensureSyntaxTree,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface EditorOptions {
  readonly code: string;
  /** What a screen reader calls it. */
  readonly label: string;
  onChange(code: string): void;
  /** Ctrl-Enter, or Cmd-Enter. */
  onRun(): void;
}

/** What the page needs of an editor. */
export interface Editor {
  readonly code: string;
  setCode(code: string): void;
  /** Mark the line of the node that is looked at, or that an error comes from; null for none. */
  mark(kind: "here" | "wrong", line: number | null): void;
  /** The first line that is not TypeScript, as far as the parser can tell. */
  brokenLine(): number | null;
  focus(line?: number): void;
  destroy(): void;
}

const marking = StateEffect.define<{ readonly kind: "here" | "wrong"; readonly line: number | null }>();

function marks(kind: "here" | "wrong"): Extension {
  const look = Decoration.line({ class: `cm-${kind}` });
  return StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(before, transaction) {
      let now = before.map(transaction.changes);
      for (const effect of transaction.effects) {
        if (!effect.is(marking) || effect.value.kind !== kind) continue;
        const { line } = effect.value;
        const isThere = line !== null && line >= 1 && line <= transaction.state.doc.lines;
        now = isThere ? Decoration.set([look.range(transaction.state.doc.line(line).from)]) : Decoration.none;
      }
      return now;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.moduleKeyword],
    color: "var(--code-token-keyword)",
  },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--code-token-string)" },
  { tag: tags.comment, color: "var(--code-token-comment)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-token-constant)" },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: "var(--code-token-function)",
  },
  { tag: [tags.typeName, tags.className], color: "var(--code-token-function)" },
  { tag: [tags.punctuation, tags.operator], color: "var(--code-token-punctuation)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--code-foreground)", backgroundColor: "var(--code-background)", fontSize: "0.83rem" },
  "&.cm-focused": { outline: "2px solid var(--vp-c-brand-1)", outlineOffset: "-2px" },
  ".cm-scroller": {
    fontFamily: "var(--vp-font-family-mono)",
    lineHeight: "1.6",
    maxHeight: "480px",
    overflow: "auto",
  },
  ".cm-content": { caretColor: "var(--code-foreground)", padding: "10px 0" },
  ".cm-cursor": { borderLeftColor: "var(--code-foreground)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--vp-c-text-3)", backgroundColor: "transparent", border: "0" },
  ".cm-activeLineGutter": { color: "var(--vp-c-text-1)", backgroundColor: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--live-selection)",
  },
  ".cm-here": { backgroundColor: "var(--live-here)", boxShadow: "inset 4px 0 var(--w-forward)" },
  ".cm-wrong": { backgroundColor: "var(--live-wrong)", boxShadow: "inset 4px 0 var(--w-bad)" },
});

export function makeEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const run = {
    key: "Mod-Enter",
    preventDefault: true,
    run: () => {
      options.onRun();
      return true;
    },
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.code,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        drawSelection(),
        history(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        look,
        marks("here"),
        marks("wrong"),
        // Tab is not among them: it leads on, to the next thing on the page.
        keymap.of([run, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    get code() {
      return view.state.doc.toString();
    },
    setCode(code) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } });
    },
    mark(kind, line) {
      view.dispatch({ effects: marking.of({ kind, line }) });
    },
    brokenLine() {
      let at: number | null = null;
      ensureSyntaxTree(view.state, view.state.doc.length, 500)?.iterate({
        enter: ({ type, from }) => {
          if (type.isError) at ??= from;
          return at === null;
        },
      });
      return at === null ? null : view.state.doc.lineAt(at).number;
    },
    focus(line) {
      if (line !== undefined && line <= view.state.doc.lines) {
        view.dispatch({ selection: { anchor: view.state.doc.line(line).from }, scrollIntoView: true });
      }
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
