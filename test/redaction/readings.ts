import type { Stage } from './stage.ts'

const LISTS = [
  '/agents',
  '/actions',
  '/blocked-triggers',
  '/maturity/training/proposals',
  '/maturity/training/sessions',
  '/maturity/proposals',
  '/supervised-queue',
  '/grants',
  '/playbooks',
  '/reviews',
  '/reviewers',
  '/policies',
  '/policies/current',
  '/policies/shadow',
  '/keys',
  '/stops',
  '/memberships',
  '/webhooks',
  '/escalations',
  '/alerts',
  '/alerts/settings',
  '/supervision/sessions',
  '/identity',
  '/supervised-queue/stats',
  '/healthz',
  '/readyz',
  '/openapi.json',
  '/ws/stats',
  '/users/sue/activity/state',
  '/analytics/summary',
  '/analytics/decisions',
  '/analytics/routing',
  '/analytics/maturity',
  '/analytics/reviewers',
  '/analytics/training',
  '/analytics/supervision',
  '/analytics/system',
] as const

const PARTS: Readonly<Record<string, readonly string[]>> = {
  '/maturity/proposals': ['card', 'comments', 'advice'],
  '/webhooks': ['deliveries'],
  '/playbooks': ['versions', 'versions/1', 'diff', 'deployments'],
}

/** Everything that is there is read, by everybody who may. */
export async function readAll(stage: Stage): Promise<void> {
  for (const as of ['ada', 'sue', 'vic', 'intern', 'pupil', 'watched', 'free', '']) {
    for (const path of LISTS) await readList(stage, as, path)
    for (const agent of ['intern', 'free', 'watched', 'pupil']) {
      for (const part of ['', '/confidence', '/transitions', '/timeline', '/incidents', '/suggestions', '/promotion']) {
        await stage.ask(as, 'GET', `/agents/${agent}${part}`)
      }
      await stage.ask(as, 'GET', `/maturity/agents/${agent}/proposal-history`)
      await stage.ask(as, 'GET', `/maturity/agents/${agent}/training-history`)
    }
    await readJournal(stage, as)
  }
}

/** A list, and each record in it with what belongs to it. */
async function readList(stage: Stage, as: string, path: string): Promise<void> {
  const { body } = await stage.ask(as, 'GET', path)
  const items: readonly { readonly id?: string; readonly decisionId?: string }[] = body.items ?? []
  for (const { id, decisionId } of items) {
    if (id === undefined) continue
    await stage.ask(as, 'GET', `${path}/${id}`)
    if (decisionId !== undefined) await stage.ask(as, 'GET', `/decisions/${decisionId}`)
    for (const part of PARTS[path] ?? []) await stage.ask(as, 'GET', `${path}/${id}/${part}`)
  }
}

async function readJournal(stage: Stage, as: string): Promise<void> {
  let next: string | null = ''
  for (let pages = 0; next !== null && pages < 20; pages += 1) {
    const { body } = await stage.ask(as, 'GET', `/journal?limit=100${next === '' ? '' : `&cursor=${next}`}`)
    stage.sinks.add('journal', body)
    next = body.next ?? null
  }
}
