const STARTS = new Set(
  `select with insert update delete merge create alter drop truncate explain analyze begin start commit rollback grant revoke
  set show use values copy vacuum comment call do declare refresh table replace pragma describe lock savepoint release`.split(
    /\s+/,
  ),
)
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[' }
// A whole piece at a time, so that nothing within a text or a comment is taken for a statement. A piece without its end
// goes to the end of the script, which keeps the time linear.
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|(\$\w*\$)[\s\S]*?(?:\1|$)|[A-Za-z_]\w*|[^\s]/g
const QUOTES = new Set(["'", '"', '`'])

/** A statement of SQL: its words in lower case, without what stands in texts and comments. */
export type SqlStatement = readonly string[]

/** The statements of a script, as words and signs. */
export function sqlStatements(script: string): readonly SqlStatement[] {
  const statements: string[][] = [[]]
  for (const [token] of script.matchAll(TOKENS)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue
    if (token === ';') statements.push([])
    else statements.at(-1)?.push(/^\w/.test(token) ? token.toLowerCase() : token)
  }
  return statements.filter((statement) => statement.length > 0)
}

/** Why a script is no SQL: a quote or a bracket without its end, or a statement that begins with no word of SQL. */
export function sqlProblem(script: string): string | null {
  const statements = sqlStatements(script)
  if (statements.length === 0) return 'There is no statement.'
  for (const statement of statements) {
    const problem = statementProblem(statement)
    if (problem !== null) return problem
  }
  return null
}

function statementProblem(statement: SqlStatement): string | null {
  const [first = ''] = statement.filter((token) => token !== '(')
  if (!STARTS.has(first)) return `A statement begins with "${first.slice(0, 20)}".`
  const open: string[] = []
  for (const token of statement) {
    const [sign = ''] = token
    // A quote within a text is written twice.
    if (QUOTES.has(sign) && token.split(sign).length % 2 === 0) return 'A quote is not closed.'
    if (token === '(' || token === '[') open.push(token)
    if (token in CLOSES && open.pop() !== CLOSES[token]) return 'A bracket is closed that was not opened.'
  }
  return open.length === 0 ? null : 'A bracket is not closed.'
}
