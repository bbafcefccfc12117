"""Writes calls.json: what test/states knows of the calls that state machines make.

Source: botocore, whose models AWS makes its SDKs from. The version is written to the file. To renew it, or after adding
a call:

    python3 -m venv /tmp/botocore && /tmp/botocore/bin/pip install botocore==1.43.11
    /tmp/botocore/bin/python test/states/extract.py
"""

import json
import re
from pathlib import Path

import botocore
import botocore.session

# What stands after `states:::` and `states:::aws-sdk:`. A call of another one fails the test.
OPTIMISED = """
athena:getQueryResults athena:startQueryExecution glue:startJobRun
""".split()
SDK = """
dynamodb:describeContinuousBackups dynamodb:describeExport dynamodb:exportTableToPointInTime glue:batchCreatePartition
rds:describeDBClusterSnapshots rds:describeExportTasks rds:startExportTask ssm:getParameter ssm:putParameter
""".split()
# What an optimised call with `.sync` answers: the operation that Step Functions asks in the end.
SYNC = {"athena:startQueryExecution": "GetQueryExecution"}


def java(name):
    """A member as the AWS SDK for Java 2 calls it, whose names SDK integrations have: DBClusterIdentifier is DbClusterIdentifier."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])", " ", name)
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", words)
    words = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", words)
    return "".join(word[0].upper() + word[1:].lower() for word in words.split())


def same(name):
    return name


def shape(model, named, above=()):
    """Type; members with a star at those required; possible values. Names alone of what holds itself."""
    if model.name in above:
        return model.type_name
    inside = (*above, model.name)
    if model.type_name == "structure":
        required = {*model.required_members}
        return {
            named(name) + ("*" if name in required else ""): shape(member, named, inside)
            for name, member in model.members.items()
        }
    if model.type_name == "list":
        return [shape(model.member, named, inside)]
    if model.type_name == "map":
        return ["map", shape(model.value, named, inside)]
    return "|".join(model.enum) if getattr(model, "enum", None) else model.type_name


def names(model, named, above=()):
    """Every name in an answer."""
    if model is None or model.name in above:
        return set()
    inside = (*above, model.name)
    if model.type_name == "structure":
        found = {named(name) for name in model.members}
        return found.union(*(names(member, named, inside) for member in model.members.values()))
    if model.type_name in ("list", "map"):
        return names(model.member if model.type_name == "list" else model.value, named, inside)
    return set()


def operation(session, call, named):
    service, action = call.split(":")
    model = session.get_service_model(service)
    name = action[0].upper() + action[1:]
    answer = model.operation_model(SYNC.get(call, name)).output_shape
    return {"input": shape(model.operation_model(name).input_shape, named), "output": sorted(names(answer, named))}


def main():
    session = botocore.session.get_session()
    calls = {call: operation(session, call, same) for call in OPTIMISED}
    calls |= {f"aws-sdk:{call}": operation(session, call, java) for call in SDK}
    source = json.dumps(f"botocore {botocore.__version__}")
    lines = [f"    {json.dumps(name)}: {json.dumps(calls[name])}" for name in sorted(calls)]
    text = "{\n" + f'  "source": {source},\n  "calls": {{\n' + ",\n".join(lines) + "\n  }\n}\n"
    Path(__file__).with_name("calls.json").write_text(text)


main()
