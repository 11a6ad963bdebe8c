import fc from 'fast-check'
import { compare, pass, type Sequence } from './sequence.ts'
import type { Model, ModelProposal } from './state.ts'

/** One thing that happens to an agent and what it asked for. */
export type ModelCommand = fc.AsyncCommand<Model, Sequence>

/** Makes a command; after it both sides must be the same. */
export function command(
  name: string,
  input: object,
  mayHappen: (model: Readonly<Model>) => boolean,
  happen: (model: Model, real: Sequence) => Promise<void>,
): ModelCommand {
  return {
    check: mayHappen,
    async run(model, real) {
      // No two commands at the same moment: what is older is known.
      pass(model, real, 5)
      real.turn += 1
      await happen(model, real)
      await compare(model, real)
    },
    toString: () => `${name} ${JSON.stringify(input)}`,
  }
}

/** Makes commands on one of the proposals that are there: mostly one in the state in which something comes of it. */
export function picked<Input extends object>(
  fields: { [Key in keyof Input]: fc.Arbitrary<Input[Key]> },
  make: (input: Input & { readonly which: number }, pick: (model: Readonly<Model>) => ModelProposal) => ModelCommand,
  preferred?: ModelProposal['state'],
): fc.Arbitrary<ModelCommand> {
  const inputs = fc.record<Input>(fields)
  const places = fc.tuple(fc.nat(3), fc.integer({ min: 0, max: 3 }))
  return fc.tuple(inputs, places).map(([input, [which, mood]]) =>
    make({ ...input, which: which + 10 * mood }, ({ proposals }) => {
      const fitting = mood === 3 ? [] : proposals.filter(({ state }) => state === preferred)
      const chosen = fitting.length > 0 ? fitting : proposals
      const proposal = chosen[which % Math.max(1, chosen.length)]
      if (proposal === undefined) throw new Error('There is no proposal yet.')
      return proposal
    }),
  )
}
