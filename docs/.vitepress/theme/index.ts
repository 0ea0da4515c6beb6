// The stock theme first: what comes later overrides it.
import DefaultTheme from "vitepress/theme-without-fonts";
import "@shikijs/vitepress-twoslash/style.css";
import "katex/dist/katex.min.css";
import "./palette.css";
import "./style.css";
import "./home.css";
import TwoslashFloatingVue from "@shikijs/vitepress-twoslash/client";
import { type Theme, withBase } from "vitepress";
import { type Component, defineAsyncComponent, onMounted, onUnmounted } from "vue";
import { keepOffline } from "./offline.ts";
import { watchWideParts } from "./scrolling.ts";

/** Each file of components/ is a component that pages can use; its code is loaded when a page shows it. */
const components = import.meta.glob<{ default: Component }>("./components/*.vue");

const theme: Theme = {
  extends: DefaultTheme,
  setup() {
    let unwatch: (() => void) | undefined;
    onMounted(() => {
      unwatch = watchWideParts();
      if (import.meta.env.PROD) keepOffline(withBase("/"));
    });
    onUnmounted(() => unwatch?.());
  },
  enhanceApp({ app }) {
    app.use(TwoslashFloatingVue);
    for (const [file, load] of Object.entries(components)) {
      app.component(
        /([^/]+)\.vue$/.exec(file)![1]!,
        defineAsyncComponent(() => load().then((module) => module.default)),
      );
    }
  },
};

export default theme;
