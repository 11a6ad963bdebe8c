import { LESSONS } from './lessons.ts'
import type { Answered, Cast, teach } from './story.ts'
import { askAll, teach as teachAnew } from './story.ts'

/** What the example showed. */
export interface Shown {
  readonly before: readonly Answered[]
  readonly learned: Awaited<ReturnType<typeof teach>>
  readonly after: readonly Answered[]
  /** A question of another customer, which no correction has. */
  readonly unseen: readonly Answered[]
  readonly rolledBack: readonly Answered[]
  /** The same agent without the middleware, while the version is deployed. */
  readonly withoutMiddleware: readonly Answered[]
  /** Another workspace, in which the last correction was never given. */
  readonly withoutCorrection: { readonly learned: Shown['learned']; readonly answers: readonly Answered[] }
  /** For each question whether its rule stood in what the model was asked. */
  readonly rulesInPrompt: Readonly<Record<'before' | 'after' | 'rolledBack', readonly boolean[]>>
}

/** One thing that must hold, or the example fails. */
export interface Finding {
  readonly name: string
  readonly holds: boolean
}

const LEAST_IMPROVEMENT = 15
const MOST_CHANCE = 0.05

/** The counter-proof: the same training, with the last correction left out. A correction that changed nothing would show here. */
export async function leaveOneOut(cast: Cast, earlier: string): Promise<Shown['withoutCorrection']> {
  const learned = await teachAnew(cast, { earlier, lessons: LESSONS.slice(0, -1) })
  return { learned, answers: await askAll(cast, LESSONS) }
}

/** What must hold of all that was shown. */
export function check(shown: Shown): readonly Finding[] {
  const { before, learned, after, unseen, rolledBack, withoutMiddleware, withoutCorrection, rulesInPrompt } = shown
  const { test, deployment, state } = learned.run
  const taughtToo = learned.heldOut.filter((input) => learned.taught.includes(input))
  const lessons = LESSONS.map(({ question }) => question)
  const finding = (name: string, holds: boolean): Finding => ({ name, holds })
  return [
    finding('before, each answer is wrong', areAll(before, false)),
    finding('what is taught is the three corrections, and none of them tests', sameTexts(learned.taught, lessons)),
    finding('no case of the test is taught', taughtToo.length === 0),
    finding('the training is completed', state === 'completed'),
    finding('it was tested on every held-out case', test?.state === 'tested' && test.cases === learned.heldOut.length),
    finding('it improves by more than 15 points', test?.state === 'tested' && test.improvement > LEAST_IMPROVEMENT),
    finding('which is not by chance', test?.state === 'tested' && test.p < MOST_CHANCE && test.interval[0] > 0),
    finding('it is deployed', deployment?.deployed === true),
    finding('each of the same questions is answered rightly', areAll(after, true)),
    finding('and so is one that nobody corrected', areAll(unseen, true)),
    finding('the agent without the middleware stays wrong', areAll(withoutMiddleware, false)),
    finding('rolled back, each answer is wrong again', areAll(rolledBack, false)),
    finding('the rules stood in the prompt while deployed, and only then', onlyAfter(rulesInPrompt)),
    finding('without its correction a question stays wrong', withoutCorrection.answers.at(-1)?.isRight === false),
    finding('while the others are learned there too', areAll(withoutCorrection.answers.slice(0, -1), true)),
    finding('and the test is worse by it', improvementOf(withoutCorrection.learned) < improvementOf(learned)),
  ]
}

function areAll(answers: readonly Answered[], isRight: boolean): boolean {
  return answers.length > 0 && answers.every((answer) => answer.isRight === isRight)
}

function onlyAfter({ before, after, rolledBack }: Shown['rulesInPrompt']): boolean {
  return after.every(Boolean) && ![...before, ...rolledBack].some(Boolean)
}

function sameTexts(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join('\n') === others.toSorted().join('\n')
}

function improvementOf({ run: { test } }: Shown['learned']): number {
  return test?.state === 'tested' ? test.improvement : Number.NaN
}
