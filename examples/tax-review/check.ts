import type { WorkflowRunDetail } from '@preceptor/orchestration'
import { type Filed, OFFICE_TOKEN } from './office.ts'

/** What the example showed. */
export interface Shown {
  readonly small: WorkflowRunDetail
  /** The large one, while it waited. */
  readonly asked: WorkflowRunDetail
  /** The same run, after the plane was opened again and Sam had approved. */
  readonly approved: WorkflowRunDetail
  readonly rejected: WorkflowRunDetail
  /** The small one, while the office was closed for a while. */
  readonly retried: WorkflowRunDetail
  /** What the journal holds. */
  readonly journal: readonly unknown[]
  /** What the office was given, and how often it was asked for what it knows. */
  readonly filed: readonly Filed[]
  readonly lookups: number
  /** How often the model was asked. */
  readonly reviews: number
}

/** One thing that must hold, or the example fails. */
export interface Finding {
  readonly name: string
  readonly holds: boolean
}

const finding = (name: string, holds: boolean): Finding => ({ name, holds })

/** What must hold of all that was shown: by what the office knows, and not by what anybody says. */
export function check(shown: Shown): readonly Finding[] {
  const { small, asked, approved, rejected, retried, filed, lookups, reviews } = shown
  const filedOf = (run: WorkflowRunDetail) => filed.filter((one) => one.run === run.id)
  const stepOf = (run: WorkflowRunDetail, id: string) => run.steps.find(({ step }) => step === id)
  const isSame = (step: string): boolean => stepOf(asked, step)?.endedAt === stepOf(approved, step)?.endedAt
  return [
    finding('a small return is filed without a person', filedOf(small).length === 1 && !stepOf(small, 'approval')),
    finding('as the agent worked it out', filedOf(small)[0]?.owed === 4_000),
    finding('a large one waits', asked.state === 'waiting' && stepOf(asked, 'approval')?.state === 'waiting'),
    finding('after both branches', stepOf(asked, 'checks')?.state === 'succeeded'),
    finding('it goes on where it waited, in a plane that was opened anew', approved.state === 'completed'),
    finding('and nothing of it ran twice', approved.id === asked.id && isSame('review') && isSame('checks')),
    finding('each review was asked of the model once', reviews === 4),
    finding('and each lookup of the office', lookups === 4),
    finding('what Sam approved is what was filed', filedOf(approved)[0]?.owed === 17_500),
    finding('once', filedOf(approved).length === 1),
    finding('a rejected one goes to its end', rejected.state === 'completed' && !filedOf(rejected).length),
    finding('and says so', JSON.stringify(rejected.output) === '{"filed":false}'),
    finding('an office that is closed is asked again', stepOf(retried, 'file')?.attempts === 2),
    finding('and takes the return once', filedOf(retried).length === 1 && retried.state === 'completed'),
    finding(
      'each request had a key',
      filed.every(({ key }) => key !== null),
    ),
    finding('the token is in no run and in no record', !JSON.stringify(shown).includes(OFFICE_TOKEN)),
  ]
}
