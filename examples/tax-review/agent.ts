import type { ActionDefinition } from '@preceptor/client'
import { runnableAction } from '@preceptor/orchestration'
import { createAgent, providerStrategy } from 'langchain'
import { z } from 'zod'
import { modelAt } from '../model-at.ts'
import type { Rule } from '../rule-server.ts'

const REVIEW = z.object({ owed: z.number().int(), finding: z.string() })

/** The review as an action: an agent of LangChain whose answer has a form. Nothing happens by it, so it may be repeated. */
export function reviewAction(model: string): ActionDefinition {
  const agent = createAgent({
    model: modelAt(model),
    tools: [],
    systemPrompt: 'You review tax returns. Say what is owed in whole euros, and what you found in one sentence.',
    responseFormat: providerStrategy(REVIEW),
  })
  return runnableAction(agent, {
    args: z.object({ client: z.string(), income: z.int(), deductions: z.int() }),
    risk: 'medium',
    idempotent: true,
    description: 'Works out what is owed by a tax return.',
    input: (args) => ({ messages: [{ role: 'user', content: `Review this return: ${JSON.stringify(args)}` }] }),
  })
}

/** What the scripted model says: a fifth of what is left is owed. */
export const REVIEW_RULES: readonly Rule[] = [
  {
    name: 'a fifth of what is left',
    when: ({ user }) => user.startsWith('Review this return: '),
    answer({ user }) {
      const { income, deductions } = JSON.parse(user.slice(user.indexOf('{')))
      const isMuch = deductions * 2 > income
      const finding = isMuch ? 'More than half of the income is deducted.' : 'The deductions are usual.'
      return JSON.stringify({ owed: Math.round((income - deductions) / 5), finding })
    },
  },
]
