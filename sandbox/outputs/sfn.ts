import { byArn, type Makers } from "./context";

// ARN format: AWS Service Authorization Reference, "AWS Step Functions".

export const sfn: Makers = {
  "sfn/stateMachine": (c) => byArn(c.arn("states", `stateMachine:${c.name()}`), { status: "ACTIVE" }),
};
