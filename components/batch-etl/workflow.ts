import { checkExpression, knownInput, valueExpression } from "./parameters";
import type { Settled, SqlFile } from "./settle";
import { cut, type Statement } from "./sql";

/** What a definition needs to know of the resources. */
export interface Place {
  readonly partition: string;
  readonly workGroup: string;
  /** Database and table of each input and output, by its name. */
  readonly tables: Readonly<Record<string, readonly [database: string, table: string]>>;
  /** Undefined without `glue`. */
  readonly job: string | undefined;
}

type State = Record<string, unknown>;
/** A state without the way to the next one, which the order says. */
type Step = readonly [name: string, state: (next: string) => State];

const done = "Done";

/** The state machine: parameters, then the work in order, then the checks. Amazon States Language with JSONata. */
export function definition(s: Settled, place: Place): object {
  const steps: Step[] = [
    ...parameterSteps(s),
    ...s.files.flatMap((file) => sqlSteps(s, place, file)),
    ...(place.job === undefined ? [] : [glueStep(s, place, place.job)]),
    ...s.checks.flatMap((file) => checkSteps(s, place, file)),
  ];
  const failures: Record<string, State> = {
    ...(Object.keys(s.parameters).length > 0 && { [wrongInput]: failWrongInput(s) }),
    ...Object.fromEntries(s.checks.map((file) => [badData(file), failBadData(file)])),
  };
  const states = steps.map(([name, state], i) => [name, state(steps[i + 1]?.[0] ?? done)] as const);
  return {
    Comment: `${s.name}: made by BatchEtl`,
    QueryLanguage: "JSONata",
    StartAt: steps[0]?.[0] ?? done,
    States: { ...Object.fromEntries(states), [done]: { Type: "Succeed" }, ...failures },
  };
}

const jsonata = (expression: string): string => `{% ${expression} %}`;
const wrongInput = "Wrong input";
const badData = ({ name }: SqlFile): string => `Bad data: ${name}`;

/** Every run is checked, by the clock or by hand: what is put into SQL comes from here alone. */
function parameterSteps({ parameters, offsetMinutes }: Settled): Step[] {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return [];
  const checks = [knownInput(Object.keys(parameters)), ...entries.map(([name, p]) => checkExpression(name, p))];
  return [
    [
      "Set parameters",
      (next) => ({
        Type: "Pass",
        Assign: Object.fromEntries(
          entries.map(([name, p]) => [name, jsonata(valueExpression(name, p, offsetMinutes))]),
        ),
        Next: next,
      }),
    ],
    [
      "Check parameters",
      (next) => ({
        Type: "Choice",
        Choices: [{ Condition: jsonata(checks.join(" and ")), Next: next }],
        Default: wrongInput,
      }),
    ],
  ];
}

function failWrongInput({ parameters }: Settled): State {
  const known = Object.entries(parameters).map(([name, { type }]) => `${name} (${type})`);
  return { Type: "Fail", Error: "WrongInput", Cause: `the input has something else than ${known.join(", ")}` };
}

function sqlSteps(s: Settled, place: Place, { name, statements = [] }: SqlFile): Step[] {
  return statements.map((statement, i) => [
    statements.length === 1 ? name : `${name} ${i + 1}`,
    (next) => ({ ...query(s, place, statement), Next: next }),
  ]);
}

function query(s: Settled, place: Place, statement: Statement): State {
  return {
    Type: "Task",
    Resource: `arn:${place.partition}:states:::athena:startQueryExecution.sync`,
    Arguments: {
      QueryString: queryString(place, statement),
      WorkGroup: place.workGroup,
      // A start that is tried again must not insert twice; a run that is taken up again must.
      ClientRequestToken: jsonata(
        '$hash($states.context.Execution.Id & $states.context.State.Name & $string($states.context.Execution.RedriveCount), "SHA-256")',
      ),
    },
    TimeoutSeconds: s.statementMinutes * 60,
    // A statement that failed is not tried again: half of it may be there.
    Retry: [{ ErrorEquals: ["Athena.TooManyRequestsException"], IntervalSeconds: 10, MaxAttempts: 6, BackoffRate: 2 }],
  };
}

/** Tables are put in now, parameters when it runs. */
function queryString(place: Place, { text, kind }: Statement): string {
  // DROP TABLE is Hive's, which quotes otherwise.
  const quote = kind === "DROP" ? "`" : '"';
  const parts = cut(text).map((part, i) => {
    if (i % 2 === 0) return { text: part };
    const table = place.tables[part];
    return table === undefined ? { parameter: part } : { text: table.map((name) => quote + name + quote).join(".") };
  });
  if (parts.every((part) => part.parameter === undefined)) return parts.map((part) => part.text).join("");
  // Step Functions ends an expression at %}, which may well be in a LIKE.
  const literal = (value: string): string => JSON.stringify(value).replaceAll("%}", "%\\u007d");
  return jsonata(
    parts.map((part) => (part.parameter === undefined ? literal(part.text) : `$${part.parameter}`)).join(" & "),
  );
}

function glueStep({ glue, parameters }: Settled, place: Place, job: string): Step {
  return [
    "Run job",
    (next) => ({
      Type: "Task",
      Resource: `arn:${place.partition}:states:::glue:startJobRun.sync`,
      Arguments: {
        JobName: job,
        Arguments: Object.fromEntries(Object.keys(parameters).map((name) => [`--${name}`, jsonata(`$${name}`)])),
      },
      // Not Glue's own retries: this state waits for the first try alone, and would fail while Glue goes on.
      ...(glue !== undefined &&
        glue.retries > 0 && {
          Retry: [
            { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 60, MaxAttempts: glue.retries, BackoffRate: 2 },
          ],
        }),
      Next: next,
    }),
  ];
}

/** A query that answers with one number, the rows that are wrong; any other than 0 fails the run. */
function checkSteps(s: Settled, place: Place, file: SqlFile): Step[] {
  const statement = file.statements?.[0];
  if (statement === undefined) return [];
  return [
    [
      `Check ${file.name}`,
      (next) => ({
        ...query(s, place, statement),
        Assign: { query_id: jsonata("$states.result.QueryExecution.QueryExecutionId") },
        Next: next,
      }),
    ],
    [
      `Count ${file.name}`,
      (next) => ({
        Type: "Task",
        Resource: `arn:${place.partition}:states:::athena:getQueryResults`,
        // The first row is the heading.
        Arguments: { QueryExecutionId: jsonata("$query_id"), MaxResults: 2 },
        Assign: { wrong_rows: jsonata("$number($states.result.ResultSet.Rows[1].Data[0].VarCharValue)") },
        Next: next,
      }),
    ],
    [
      `Judge ${file.name}`,
      (next) => ({
        Type: "Choice",
        Choices: [{ Condition: jsonata("$wrong_rows = 0"), Next: next }],
        Default: badData(file),
      }),
    ],
  ];
}

function failBadData({ name }: SqlFile): State {
  return { Type: "Fail", Error: "BadData", Cause: jsonata(`"${name}: " & $string($wrong_rows) & " rows are wrong"`) };
}
