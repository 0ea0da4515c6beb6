#!/usr/bin/env node
import { run } from "./run.ts";
import { processTerminal } from "./terminal.ts";

// A reader that has seen enough (`wengert demo | head`) closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

// Not process.exit(): what is still on its way to the terminal would be cut off.
process.exitCode = await run(process.argv.slice(2), processTerminal());
