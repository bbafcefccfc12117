import { describeStack } from "./stack";

describeStack("prod");
