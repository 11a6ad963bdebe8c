import type { ControlScope, Decision, JournalEntry, Maturity } from '@preceptor/client'
import type { EmbeddedGovernor, GovernorOptions } from '@preceptor/core'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { AIMessage, type BaseMessage, FakeToolCallingModel, ToolMessage, tool } from 'langchain'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { z } from 'zod'

const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } } as const

/** A governor on the embedded database, and what the tests ask of it. */
export interface Harness {
  readonly governor: EmbeddedGovernor
  readonly admin: ControlScope
  /** Registers an agent of that maturity under a name of its own. */
  agent(maturity: Maturity): Promise<string>
  /** The rows of a kind that the journal holds of an agent, in order, once there are that many. */
  recordsOf(agent: string, kind: string, count: number): Promise<readonly JournalEntry[]>
  /** What the journal says of the decisions on an agent, in order, once there are that many. */
  decisionsOn(agent: string, count: number): Promise<readonly JournalEntry['body'][]>
}

/** Opens a governor for the tests of a file. */
export function useGovernor(options: GovernorOptions = {}): Harness {
  let opened: TestGovernor | undefined
  let agents = 0
  beforeAll(async () => {
    // The machine that runs the tests may be busy: what is tested here is not the deadline.
    const settings = { deadlineMs: 20_000 }
    opened = await createTestGovernor({ actions: {}, settings, ...options })
  })
  afterAll(() => opened?.close())
  return {
    get governor() {
      if (opened === undefined) throw new Error('The governor is open inside tests only.')
      return opened.governor
    },
    get admin() {
      return this.governor.as(ADMIN)
    },
    async agent(maturity) {
      agents += 1
      return (await this.admin.agents.register({ id: `${maturity}-${agents}`, maturity })).id
    },
    async recordsOf(agent, kind, count) {
      // Rows of safe runs are written a moment after the run.
      return vi.waitFor(
        async () => {
          const { items } = await this.admin.journal.list({ agent, kind, limit: 100 })
          expect(items).toHaveLength(count)
          expect((await this.admin.journal.verify()).unsealed).toBe(0)
          return items.toSorted((first, second) => (first.subjectId < second.subjectId ? -1 : 1))
        },
        { timeout: 10_000, interval: 20 },
      )
    },
    async decisionsOn(agent, count) {
      const records = await this.recordsOf(agent, 'decision.made', count)
      return records.map(({ body }) => body)
    },
  }
}

/** A call that the model makes. */
export interface ScriptedCall {
  readonly name: string
  readonly args: Record<string, unknown>
  readonly id: string
}

/** A model that makes these calls, one list a turn, and then answers. */
export function scripted(...turns: readonly (readonly ScriptedCall[])[]): FakeToolCallingModel {
  return new FakeToolCallingModel({ toolCalls: [...turns.map((calls) => [...calls]), []] })
}

/** The usual call of these tests. */
export const REFUND = { name: 'refund', args: { cents: '5' }, id: 'call-1' }

/** A tool that counts what it did; it turns texts into numbers and adds a note. */
export function refundTool(effects: unknown[]) {
  return tool(
    async (args) => {
      effects.push(args)
      return `refunded ${args.cents}`
    },
    {
      name: 'refund',
      description: 'Refunds an order.',
      schema: z.object({ cents: z.coerce.number().int(), note: z.string().default('none') }),
    },
  )
}

/** The answers to tool calls in a list of messages. */
export function answersIn(messages: readonly BaseMessage[]): readonly ToolMessage[] {
  return messages.filter((message) => ToolMessage.isInstance(message))
}

/** The single answer to a tool call in the messages of a run. */
export function answerIn({ messages }: { readonly messages: readonly BaseMessage[] }): ToolMessage {
  const [answer, ...more] = answersIn(messages)
  expect(more).toEqual([])
  if (answer === undefined) throw new Error('No tool call was answered.')
  return answer
}

/** The decision that a withheld answer carries. */
export function decisionIn(answer: ToolMessage): Decision {
  return answer.additional_kwargs.preceptor as Decision
}

/** Every tool call of the run has exactly one answer. */
export function expectEachCallAnswered({ messages }: { readonly messages: readonly BaseMessage[] }): void {
  const asked = messages.flatMap((message) => (AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []))
  expect(
    answersIn(messages)
      .map(({ tool_call_id: id }) => id)
      .sort(),
  ).toEqual(asked.map(({ id }) => id).sort())
}
