import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import { declareTool, type Tool } from '../tool.ts'
import { ABOUT_KINDS, type SubmittedFeedback } from './feedback-taker.ts'

const LONGEST = 20_000

const request: z.ZodType<SubmittedFeedback> = z.strictObject({
  agent: z.string().min(1).max(128).describe('The agent whose answer it is'),
  kind: z.enum(['positive', 'negative', 'correction', 'suggestion']),
  input: z.string().min(1).max(LONGEST).describe('What the agent was asked'),
  output: z.string().max(LONGEST).describe('What it answered'),
  correction: z
    .string()
    .min(1)
    .max(LONGEST)
    .describe('What it should have answered; for a correction, and for nothing else')
    .exactOptional(),
  comment: z.string().min(1).max(4_000).exactOptional(),
  tags: z.array(z.string().min(1).max(64)).max(20).describe('What it is about, such as tone').exactOptional(),
  about: z
    .strictObject({
      kind: z.enum(ABOUT_KINDS),
      id: z.string().min(1).max(200).describe('Id of it; for a sub-agent or a subprocess, its own id'),
      task: z.string().min(1).max(2_000).describe('What a sub-agent or a subprocess was to do').exactOptional(),
    })
    .describe('The record that the answer belongs to; outside where the gate does not know it'),
})

/** Takes feedback on answers; there only where the host takes it. */
export const SUBMIT_FEEDBACK: Tool = declareTool({
  name: 'submit_feedback',
  title: 'Submit feedback',
  description:
    'Records what a person said of an answer of an agent, or the correction of what a sub-agent or a subprocess of yours answered. An agent gives none on itself. Submit only what was said or found, never what you guess.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: request,
  output: z.strictObject({
    id: z.string(),
    exampleId: z.nullable(z.string()).describe('The example that came of it; null where none did'),
    next: z.string(),
  }),
  handle: async (input, { feedback }) => {
    if (feedback === undefined) throw new GovernanceError('PLUGIN_MISSING')
    const { id, exampleId } = await feedback.give(input)
    const next =
      exampleId === null
        ? 'It is on record. Do not submit it again.'
        : 'It is on record and became an example. It changes no answer before a person or a test lets it.'
    return { id, exampleId, next }
  },
})
