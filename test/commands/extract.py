"""Writes aws-cli.json: the commands of the AWS CLI that documents, sources and outputs of the project have, with their flags.

Source: botocore, whose models the CLI makes its commands from. The version is written to the file. To renew it, or after a
command was added:

    python3 -m venv /tmp/botocore && /tmp/botocore/bin/pip install botocore==1.43.11
    /tmp/botocore/bin/python test/commands/extract.py
"""

import json
from pathlib import Path

import botocore
import botocore.session
from botocore import xform_name

# By the models' names for their services.
COMMANDS = """
athena:GetQueryExecution athena:GetQueryResults athena:StartQueryExecution bedrock:DeleteGuardrail bedrock:ListGuardrails
bedrock-agent:StartIngestionJob budgets:ExecuteBudgetAction ce:GetAnomalyMonitors
cloudfront-keyvaluestore:UpdateKeys dynamodb:RestoreTableToPointInTime ecs:ExecuteCommand ecs:RunTask ecs:UpdateService
guardduty:ListDetectors iam:AttachRolePolicy iam:ListOpenIDConnectProviders iam:ListRoles kinesis:PutRecord lambda:Invoke
quicksight:DescribeAccountSubscription quicksight:DescribeDashboardDefinition rds:DescribeDBClusters
redshift-data:DescribeStatement redshift-data:ExecuteStatement redshift-data:GetStatementResult
redshift-serverless:CreateSnapshot resourcegroupstaggingapi:GetResources s3:ListObjectsV2 secretsmanager:RotateSecret
ssm:PutParameter stepfunctions:DescribeExecution stepfunctions:StartExecution
""".split()


def command(session, call):
    """A command and its flags: with a star at those required, with a `no-` beside a switch."""
    service, name = call.split(":")
    model = session.get_service_model(service).operation_model(name)
    required = {*model.input_shape.required_members}
    flags = []
    for flag, member in model.input_shape.members.items():
        flags.append(xform_name(flag, "-") + ("*" if flag in required else ""))
        if member.type_name == "boolean":
            flags.append("no-" + xform_name(flag, "-"))
    return f"{'s3api' if service == 's3' else service} {xform_name(name, '-')}", sorted(flags)


def main():
    session = botocore.session.get_session()
    commands = dict(command(session, call) for call in COMMANDS)
    source = json.dumps(f"botocore {botocore.__version__}")
    lines = [f"    {json.dumps(name)}: {json.dumps(commands[name])}" for name in sorted(commands)]
    text = "{\n" + f'  "source": {source},\n  "commands": {{\n' + ",\n".join(lines) + "\n  }\n}\n"
    Path(__file__).with_name("aws-cli.json").write_text(text)


main()
