import type { Access } from "../shared/access";
import type { Settled } from "./settle";
import { ownStatements } from "./setup";
import type { WarehouseEndpoint, WarehouseNodes } from "./types";

/** What services and BI tools take to ask questions, whatever answers them. */
export function queryAccess(s: Settled, nodes: WarehouseNodes, endpoint: WarehouseEndpoint | undefined): Access {
  const { name, args, engine } = s;
  if (engine === "athena") {
    const { query, read } = args.lake;
    return {
      name,
      env: { ENGINE: engine, ...query.env },
      // Athena reads with the rights of whoever asks.
      statements: [...query.statements, ...s.zones.flatMap((zone) => read(zone).statements)],
    };
  }
  const { workgroup, setupInvocation } = nodes;
  if (workgroup !== undefined && endpoint !== undefined && setupInvocation !== undefined) {
    return {
      name,
      env: {
        ENGINE: engine,
        HOST: endpoint.host,
        PORT: String(endpoint.port),
        // Who uses it waits for the schemas. The function's name is known in a preview, the answer is not.
        DATABASE: setupInvocation.functionName.apply(() => endpoint.databaseName),
        WORKGROUP: workgroup.workgroupName,
      },
      statements: [
        {
          // Signs in as a user of the role's own, by the network or the Data API.
          Effect: "Allow",
          Action: ["redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials"],
          Resource: workgroup.arn,
        },
        ownStatements(["CancelStatement", "DescribeStatement", "GetStatementResult"]),
      ],
      network: { securityGroupId: endpoint.securityGroupId, port: endpoint.port },
    };
  }
  const { credentials } = args;
  return {
    name,
    env: { ENGINE: engine },
    ...(credentials !== undefined && { secrets: { CREDENTIALS: credentials } }),
    // Nothing of AWS answers: the credentials are the other side's.
    statements: [],
  };
}
