import type { Rules } from "../pricer";
import { account } from "./account";
import { ai } from "./ai";
import { compute } from "./compute";
import { data } from "./data";
import { database } from "./database";
import { edge } from "./edge";
import { foundation } from "./foundation";
import { network } from "./network";

/** The areas, by the file in this folder. */
export const areas: Readonly<Record<string, Rules>> = {
  account,
  ai,
  compute,
  data,
  database,
  edge,
  foundation,
  network,
};

/** What each type costs. */
export const rules: Rules = Object.assign({}, ...Object.values(areas)) as Rules;

export { free } from "./free";
