"use strict";
require("./loader.cjs").register();
require("./cli.ts").main(process.argv.slice(2));
