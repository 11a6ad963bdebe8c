import { GovernanceError, type Maturity, type Risk, type Trigger } from '@preceptor/client'
import type { MatrixName } from '../policy/policy-document.ts'

/** What a matrix says; whether anybody can supervise is found out afterwards. */
export interface MatrixRoute {
  readonly route: 'execution' | 'proposal' | 'training' | 'supervision'
  /** Approvals that a proposal needs; 0 on the other routes. */
  readonly requiredApprovals: number
}

/** What is looked up. */
export interface MatrixQuestion {
  readonly matrix: MatrixName
  readonly maturity: Maturity
  readonly risk: Risk
}

type MatrixTable = Readonly<Record<Maturity, Readonly<Record<Risk, MatrixRoute>>>>

const EXECUTION = Object.freeze({ route: 'execution', requiredApprovals: 0 } as const)
const SUPERVISION = Object.freeze({ route: 'supervision', requiredApprovals: 0 } as const)
const TRAINING = Object.freeze({ route: 'training', requiredApprovals: 0 } as const)
const PROPOSAL = Object.freeze({ route: 'proposal', requiredApprovals: 1 } as const)
const PROPOSAL_TO_TWO = Object.freeze({ route: 'proposal', requiredApprovals: 2 } as const)

const STRICT = table({
  student: row([TRAINING, TRAINING, TRAINING, TRAINING]),
  intern: row([PROPOSAL, PROPOSAL, PROPOSAL, PROPOSAL_TO_TWO]),
  supervised: row([SUPERVISION, SUPERVISION, SUPERVISION, SUPERVISION]),
  autonomous: row([EXECUTION, EXECUTION, EXECUTION, EXECUTION]),
})

// What is critical takes two people, whoever asks.
const GRADUATED = table({
  student: row([EXECUTION, TRAINING, TRAINING, TRAINING]),
  intern: row([EXECUTION, PROPOSAL, PROPOSAL, PROPOSAL_TO_TWO]),
  supervised: row([EXECUTION, EXECUTION, SUPERVISION, PROPOSAL_TO_TWO]),
  autonomous: row([EXECUTION, EXECUTION, EXECUTION, PROPOSAL_TO_TWO]),
})

const MATRICES: Readonly<Record<MatrixName, MatrixTable>> = table({ strict: STRICT, graduated: GRADUATED })

/**
 * Looks a route up.
 *
 * @throws GovernanceError `FACT_INVALID` for a matrix, maturity or risk that there is not.
 */
export function routeFor({ matrix, maturity, risk }: MatrixQuestion): MatrixRoute {
  const found: MatrixRoute | undefined = MATRICES[matrix]?.[maturity]?.[risk]
  if (found !== undefined) return found
  throw new GovernanceError('FACT_INVALID', {
    message: `No matrix has a route for ${JSON.stringify({ matrix, maturity, risk })}.`,
  })
}

/** The matrix that a trigger falls under: that of runs when it starts one, else that of actions inside a run. */
export function matrixFor(
  { type }: Pick<Trigger, 'type'>,
  named: { readonly runs: MatrixName; readonly actions: MatrixName },
): MatrixName {
  return type === undefined ? named.actions : named.runs
}

function row([safe, medium, high, critical]: readonly [
  safe: MatrixRoute,
  medium: MatrixRoute,
  high: MatrixRoute,
  critical: MatrixRoute,
]): Readonly<Record<Risk, MatrixRoute>> {
  return table({ safe, medium, high, critical })
}

/** Without a prototype, so that only what is written here is ever found. */
function table<T extends object>(entries: T): Readonly<T> {
  return Object.freeze(Object.assign(Object.create(null), entries))
}
