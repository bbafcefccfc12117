import { describeStack } from "./stack";

describeStack("stg");
