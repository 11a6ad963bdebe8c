import { playbookText } from '@preceptor/client'
import type { ChatModel } from '@preceptor/core'
import { inWorkspace, playbookVersion } from '@preceptor/core/plugin'
import type { Example } from '../client/feedback.ts'
import { askModel } from '../models/ask-model.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import type { Arm, Arms } from './trial.ts'

/** What came of answering one case by both arms. */
export type TrialResult =
  | { readonly state: 'scored'; readonly a: number; readonly b: number }
  /** It may do so at another time: a model was away, or its answer was none. */
  | { readonly state: 'unscored'; readonly reason: string }

type Answer = { readonly answer: string } | { readonly reason: string }

/** Has both arms answer one case, and scores both answers in the same words, without saying which is which. */
export async function answerArms(
  ports: TrainingPorts,
  workspace: string,
  { arms, example, useCache }: { readonly arms: Arms; readonly example: Example; readonly useCache: boolean },
): Promise<TrialResult> {
  const [a, b] = await Promise.all([
    answerBy(ports, { workspace, arm: arms.a, agentType: arms.agentType, example, useCache }),
    answerBy(ports, { workspace, arm: arms.b, agentType: arms.agentType, example, useCache }),
  ])
  if ('reason' in a) return { state: 'unscored', reason: a.reason }
  if ('reason' in b) return { state: 'unscored', reason: b.reason }
  const { before, after } = await ports.parts.evaluatePair(
    { workspace, agentType: arms.agentType, useCache },
    { task: example.input, expected: example.correction, before: a.answer, after: b.answer },
  )
  if (before.state === 'unscored') return { state: 'unscored', reason: before.reason }
  if (after.state === 'unscored') return { state: 'unscored', reason: after.reason }
  return { state: 'scored', a: before.score, b: after.score }
}

interface ArmCall {
  readonly workspace: string
  readonly arm: Arm
  readonly agentType: string
  readonly example: Example
  /** A reply that could not be used must not be the answer to the next attempt. */
  readonly useCache: boolean
}

function answerBy(ports: TrainingPorts, call: ArmCall): Promise<Answer> {
  const { arm } = call
  return arm.kind === 'playbook' ? answerWith(ports, call, arm) : improveBy(ports, call, arm)
}

/** As an agent of the type answers whose runtime has loaded that version. */
async function answerWith(
  ports: TrainingPorts,
  { workspace, example }: ArmCall,
  { playbook, version }: Extract<Arm, { kind: 'playbook' }>,
): Promise<Answer> {
  const { answerer, context, parts } = ports
  if (answerer === null) return { reason: 'There is no chat model that answers.' }
  const learned =
    version === null
      ? null
      : await inWorkspace(context.database, { workspace }, (tx) => playbookVersion(tx, playbook, version))
  return ask(answerer, { system: learned === null ? null : playbookText(learned), input: example.input, parts })
}

async function ask(
  model: ChatModel,
  {
    system,
    input,
    parts,
  }: { readonly system: string | null; readonly input: string; readonly parts: TrainingPorts['parts'] },
): Promise<Answer> {
  const { timeoutMs, longestAnswer } = parts.settings
  const said = await askModel(model, {
    messages: [
      ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user' as const, content: input },
    ],
    timeoutMs,
    longestReply: longestAnswer,
  })
  return said.result === 'answered' ? { answer: said.text } : { reason: said.reason }
}

/** As the trainer improves the wrong answer by that strategy, with the correction: how well it is used is what is scored. */
async function improveBy(
  { parts }: TrainingPorts,
  { workspace, agentType, example, useCache }: ArmCall,
  { strategy }: Extract<Arm, { kind: 'strategy' }>,
): Promise<Answer> {
  if (example.output === null) return { reason: 'The example has no wrong answer to improve.' }
  const improved = await parts.improve(
    { workspace, agentType, strategy, useCache },
    { task: example.input, original: example.output, correction: example.correction },
  )
  if (improved.state === 'improved') return { answer: improved.answer }
  return improved.state === 'unchanged' ? { answer: example.output } : { reason: improved.reason }
}
