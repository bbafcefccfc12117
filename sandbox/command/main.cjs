"use strict";
require("../../plan/loader.cjs").register();
require("./cli.ts").main(process.argv.slice(2));
