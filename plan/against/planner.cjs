"use strict";
// Plans one project for a parent process, which asks over IPC and hears of progress.
require("../loader.cjs").register();
require("./planner.ts").answer();
