import { z } from 'zod'
import type { PolicyDocument } from './policy-document.ts'

/** What names may be made of: the pattern stands in the published schema as it stands here. */
const NAME = /^[^\p{Cc}\p{Cs}]{1,128}$/u
const CONDITION = /^(?:[^\p{Cc}\p{Cs}]|[\t\r\n]){1,512}$/u
const DAY_MS = 86_400_000

const name = z.string().regex(NAME, 'it is no name: 1 to 128 characters, none of them a control character')
const per = z.enum(['minute', 'hour', 'day'])
const matrix = z.enum(['strict', 'graduated'])
const scope = z.enum(['agent', 'target', 'workspace'])
const most = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const maturity = z.enum(['student', 'intern', 'supervised', 'autonomous'])

/** A field as an editor explains it. */
function told<Schema extends z.ZodType>(description: string, schema: Schema): Schema {
  return schema.meta({ description })
}

const actionRule = z.strictObject({
  risk: told(
    'Raises the risk that the code states; a lower one changes nothing.',
    z.enum(['safe', 'medium', 'high', 'critical']),
  ).optional(),
  ceiling: told('The most maturity that counts here, whatever was earned.', maturity).optional(),
  when: told(
    'CEL condition that must hold, such as: args.cents <= 10000',
    z.string().regex(CONDITION, 'it is no condition: 1 to 512 characters'),
  ).optional(),
  requiredApprovals: told('How many people have to approve.', z.int().min(1).max(10)).optional(),
  waitMs: told(
    'Milliseconds between the approval and the run, in which it can be taken back.',
    z.int().min(0).max(DAY_MS),
  ).optional(),
})

const limit = z.strictObject({
  name: told('Recognises its counter; unique in the document.', name),
  action: told('Action that it counts; all when absent.', name).optional(),
  agents: told('Agents that it is for; all when absent.', z.array(name).min(1).max(200)).optional(),
  scope: told('What is counted apart; default agent.', scope).optional(),
  target: told(
    'With the scope target: the argument that names it; the resource of the attempt when absent.',
    name,
  ).optional(),
  per: told('The window; it begins with the minute, hour or day (UTC).', per),
  most: told('Most that may be used in one window.', most),
  spend: told('Argument that is summed; attempts are counted when absent.', name).optional(),
})

const reviewLimit = z.strictObject({
  action: told('Action that it counts; all when absent.', name).optional(),
  per: told('What is counted apart.', scope),
  target: told('Argument that names the target; the resource when absent.', name).optional(),
  spend: told('Argument that is summed; approvals are counted when absent.', name).optional(),
  most: told('Most in 24 hours.', most),
})

const promotion = z.strictObject({
  policy: told(
    'earned (the default) asks for evidence, bands for confidence alone.',
    z.enum(['earned', 'bands']),
  ).optional(),
  onePerson: told(
    'A workspace of one person: nobody else needs to have decided, up to supervised.',
    z.boolean(),
  ).optional(),
  trust: told(
    'Whether maturity is earned by the agent as a whole (the default) or at each capability.',
    z.enum(['agent', 'capability']),
  ).optional(),
})

const review = z.strictObject({
  automatic: told(
    'Whether it reviews proposals of safe and medium risk unasked; default false.',
    z.boolean(),
  ).optional(),
  sample: told('Share of its approvals that is left to people; default 0.05.', z.number().min(0.05).max(1)).optional(),
  limits: told('What it may approve in 24 hours.', z.array(reviewLimit).max(50)).optional(),
})

/** The fields of a policy document and what each takes; what stands between fields is checked beside it. */
export const POLICY_SHAPE: z.ZodType<PolicyDocument> = z.strictObject({
  matrix: told(
    'Which matrix of the routing rules applies.',
    z.strictObject({
      runs: told("To what starts an agent's run; default strict.", matrix).optional(),
      actions: told('To actions inside a run; default graduated.', matrix).optional(),
    }),
  ).optional(),
  actions: told(
    'By the name of the action. It may only make what the code declares stricter.',
    z.record(name, actionRule),
  ).optional(),
  shadow: told(
    'Capabilities that are only watched: decided and recorded, and let run.',
    z.array(name).max(200),
  ).optional(),
  limits: told('How often, or how much, in a window of time.', z.array(limit).max(200)).optional(),
  breaker: told(
    'Pauses an agent that keeps failing or being refused; none when absent.',
    z.strictObject({
      failures: told('Failed runs and refused attempts in one window that pause it.', z.int().min(1).max(1_000_000)),
      per,
    }),
  ).optional(),
  proposalTtlMs: told(
    'Milliseconds until a proposal expires; default 24 hours.',
    z
      .int()
      .min(1_000)
      .max(30 * DAY_MS),
  ).optional(),
  separationOfDuties: told(
    'Proposer and owner are not approvers, and an owner does not supervise the own agent; default true.',
    z.boolean(),
  ).optional(),
  promotion: told('How agents are promoted.', promotion).optional(),
  review: told('What the autonomous reviewer is let do.', review).optional(),
  supervision: told(
    'Who watches runs.',
    z.strictObject({
      reviewers: told(
        'Whether an autonomous reviewer watches safe and medium steps where no person does; default false.',
        z.boolean(),
      ).optional(),
    }),
  ).optional(),
})
