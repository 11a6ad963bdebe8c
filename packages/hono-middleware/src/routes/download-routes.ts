import type { JournalExportQuery } from '@preceptor/client'
import { z } from 'zod'
import type { DownloadRoute } from './api-route.ts'
import { agentId } from './common-schemas.ts'

const exportQuery: z.ZodType<Omit<JournalExportQuery, 'signal'>> = z.strictObject({
  format: z.enum(['jsonl', 'csv']).exactOptional(),
  after: z.coerce.number().int().min(0).exactOptional(),
  agent: agentId.exactOptional(),
  kind: z.string().min(1).max(64).exactOptional(),
})

/** Every route that answers with a text of any length. */
export const DOWNLOAD_ROUTES: readonly DownloadRoute[] = [
  {
    method: 'get',
    path: '/journal/export',
    operation: 'journal.export',
    summary: 'Export the sealed rows of the journal, oldest first, as JSON lines or CSV; it is journalled',
    query: exportQuery,
    contentTypes: ['application/x-ndjson', 'text/csv'],
    open: async ({ scope, query: asked, signal }) => {
      const query = exportQuery.parse(asked)
      const isCsv = query.format === 'csv'
      return {
        contentType: isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8',
        fileName: `journal-${scope.workspace}.${isCsv ? 'csv' : 'jsonl'}`,
        text: await scope.journal.export({ ...query, signal }),
      }
    },
  },
]
