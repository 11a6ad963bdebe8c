import pg from 'pg'

/** Tables that grow with what agents do. */
const LARGE: ReadonlySet<string> = new Set([
  'activity',
  'blocked_triggers',
  'executions',
  'journal',
  'journal_seals',
  'proposal_reviews',
  'proposal_versions',
  'proposals',
  'supervised_queue',
  'supervision_sessions',
])

/** A node of a plan, as Postgres tells it. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** A statement as it was run. */
interface RunStatement {
  readonly text: string
  readonly plan: PlanNode
}

/** Sees how the statements of this process are run on databases that tell. */
export interface PlanWatch {
  /** Runs something, and gives what of its statements grows with the tables: a line for each node that reads more rows than `most`. */
  during(
    run: () => Promise<unknown>,
    most: number,
  ): Promise<{ readonly statements: number; readonly large: readonly string[] }>
  stop(): void
}

/** Lets a database tell the plan of each statement to whoever runs it; connections that are made later do. */
export async function tellPlans(store: pg.Pool): Promise<void> {
  const { rows } = await store.query('select current_database() as name')
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
    'auto_explain.log_nested_statements': 'on',
  }
  for (const [name, value] of Object.entries(settings)) {
    await store.query(`alter database ${rows[0].name} set ${name} = '${value}'`)
  }
}

/** Listens to what is told on every connection that this process makes from now on. */
export function watchPlans(): PlanWatch {
  let told: RunStatement[] = []
  const { connect } = pg.Client.prototype
  const listening = function (this: pg.Client, ...args: Parameters<typeof connect>) {
    this.on('notice', ({ message = '' }) => {
      const [, json] = /^duration: .*? plan:\n([\s\S]*)$/.exec(message) ?? []
      if (json === undefined) return
      const { 'Query Text': text, Plan: plan } = JSON.parse(json)
      told.push({ text: String(text).replace(/\s+/g, ' '), plan })
    })
    return connect.apply(this, args)
  }
  pg.Client.prototype.connect = listening as typeof connect
  return {
    async during(run, most) {
      told = []
      await run()
      const large = told.flatMap((statement) =>
        largeNodes(statement.plan, most).map((node) => `${node}: ${statement.text}`),
      )
      return { statements: told.length, large: [...new Set(large)] }
    },
    stop() {
      pg.Client.prototype.connect = connect
    },
  }
}

/** The nodes that read a large table as a whole, or look at more of its rows than so many: nor is more sorted then. */
function largeNodes(node: PlanNode, most: number): readonly string[] {
  const { 'Node Type': type, 'Relation Name': table = '', Plans: plans = [] } = node
  const rows = ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * (node['Actual Loops'] ?? 0)
  const read =
    LARGE.has(table) && (type === 'Seq Scan' || rows > most)
      ? [`${type} on ${table} by ${node['Index Name']} where ${node['Index Cond']} (${rows} rows)`]
      : []
  return [...read, ...plans.flatMap((plan) => largeNodes(plan, most))]
}
