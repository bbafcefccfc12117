import { type Maker, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, Amazon QuickSight; ids are the account's and the resource's own.

/** A resource that the caller gives an id of its own. */
const own =
  (kind: string, property: string): Maker =>
  (c) => {
    const id = c.text(property) ?? c.resourceName;
    return {
      id: `${c.account},${id}`,
      outputs: { arn: c.arn("quicksight", `${kind}/${id}`), awsAccountId: c.account },
    };
  };

export const quicksight: Makers = {
  "quicksight/dataSource": own("datasource", "dataSourceId"),
  "quicksight/dataSet": own("dataset", "dataSetId"),
  "quicksight/vpcConnection": own("vpcConnection", "vpcConnectionId"),
  "quicksight/group": (c) => {
    const id = `${c.text("namespace") ?? "default"}/${c.text("groupName") ?? c.resourceName}`;
    return { id: `${c.account}/${id}`, outputs: { arn: c.arn("quicksight", `group/${id}`), awsAccountId: c.account } };
  },
};
