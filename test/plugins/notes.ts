import { GovernanceError, type PluginPort } from '@preceptor/client'
import { actorName, countOf, createAuthorizer, type GovernorPlugin, inWorkspace, rowsOf } from '@preceptor/core/plugin'
import { declareRoute, type PluginRoutes } from '@preceptor/hono-middleware/routes'
import { sql } from 'drizzle-orm'
import { z } from 'zod'

/** A note, as the plugin of these tests keeps it. */
export interface Note {
  readonly id: string
  readonly text: string
  readonly isRead: boolean
}

/** What the plugin of these tests adds. */
export interface NoteOperations {
  add(text: string): Promise<Note>
  all(): Promise<{ readonly items: readonly Note[] }>
}

/** The port of the plugin of these tests. */
export const notes: PluginPort<NoteOperations> = {
  name: 'notes',
  connect: (connection) => ({
    add: (text) => connection.send('/notes', { body: { text }, fields: ['id', 'text'] }),
    all: () => connection.get('/notes', { fields: ['items'] }),
  }),
}

const permissions = {
  'notes.add': { admin: 'any', supervisor: 'any', viewer: 'never', agent: 'never', service: 'scoped', system: 'any' },
  'notes.list': { admin: 'any', supervisor: 'any', viewer: 'any', agent: 'never', service: 'scoped', system: 'any' },
} as const
const may = createAuthorizer(permissions)

const TABLES = `
create table notes (
  id text primary key,
  workspace_id text not null,
  text text not null,
  is_read boolean not null default false
);
alter table notes enable row level security;
alter table notes force row level security;
create policy workspace_only on notes to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on notes to preceptor_app;
create policy system_all on notes to preceptor_system using (true) with check (true);
grant select on notes to preceptor_system;
`

/** The plugin of these tests: notes that a job reads. */
export const notesPlugin: GovernorPlugin<NoteOperations> = {
  port: notes,
  permissions,
  migrations: [{ name: '0001-notes', sql: TABLES }],
  open({ context, enqueue }) {
    return {
      scope: (actor) => ({
        async add(text) {
          may.authorize(actor, 'notes.add')
          if (text === '') throw new GovernanceError('INPUT_INVALID', { message: 'text: it is empty.' })
          const id = context.ids.next('fbk')
          await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
            await countOf(tx, sql`insert into notes (id, workspace_id, text) values (${id}, ${tx.workspace}, ${text})`)
            await context.journal.append(tx, {
              kind: 'feedback.received',
              subject: id,
              body: { actor: actorName(actor) },
            })
          })
          await enqueue('read', { workspace: actor.workspace, id, key: 'once' })
          return { id, text, isRead: false }
        },
        async all() {
          may.authorize(actor, 'notes.list')
          const items = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
            rowsOf<Note>(tx, sql`select id, text, is_read as "isRead" from notes order by id`),
          )
          return { items }
        },
      }),
      jobs: {
        read: {
          pattern: '*/10 * * * * *',
          isReconciled: true,
          find: (tx) => rowsOf(tx, sql`select workspace_id as workspace, id from notes where not is_read order by id`),
          run: ({ workspace, id }) =>
            inWorkspace(context.database, { workspace }, (tx) =>
              countOf(tx, sql`update notes set is_read = true where id = ${id ?? ''} and not is_read`),
            ),
        },
      },
    }
  },
}

const note = z.strictObject({ id: z.string(), text: z.string(), isRead: z.boolean() })

/** The routes of the plugin of these tests. */
export const noteRoutes: PluginRoutes = {
  routes: [
    declareRoute({
      method: 'post',
      path: '/notes',
      operation: 'notes.add',
      summary: 'Add a note',
      status: 201,
      body: z.strictObject({ text: z.string().max(100) }),
      response: note,
      handle: ({ scope, body }) => scope.plugin(notes).add(body.text),
    }),
    declareRoute({
      method: 'get',
      path: '/notes',
      operation: 'notes.list',
      summary: 'List the notes',
      response: z.strictObject({ items: z.array(note) }),
      handle: async ({ scope }) => ({ items: [...(await scope.plugin(notes).all()).items] }),
    }),
  ],
}
