import { describeStack } from "./stack";

describeStack("dev");
