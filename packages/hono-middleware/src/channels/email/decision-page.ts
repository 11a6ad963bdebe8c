import { createHash } from 'node:crypto'
import type { OpenedApprovalLink, ProposalCard, RejectionCategory } from '@preceptor/client'
import { requestDetails, requestFacts, riskText } from '../request-text.ts'
import { escapeHtml } from './inert-text.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 48rem; padding: 1rem }
h1 { font-size: 1.3rem }
h2 { font-size: 1rem; margin: 1rem 0 .25rem }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.45 ui-monospace, monospace }
fieldset { margin: 1.5rem 0; padding: 1rem }
label { display: block; margin: .5rem 0 }
textarea, select { box-sizing: border-box; width: 100%; font: inherit; padding: .5rem }
button { font: inherit; min-height: 2.75rem; padding: .5rem 1.5rem }
[role=alert] { border-inline-start: .3rem solid; padding-inline-start: .75rem }
`.trim()

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** No script, nothing of other places, no frame around it, and its address is told to nobody. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
}

/** A page that says one thing. */
export function noticePage(title: string, text: string, link?: string | null): string {
  const way = link === undefined || link === null ? '' : `<p><a href="${escapeHtml(link)}">Open the dashboard</a></p>`
  return page(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${way}`)
}

const CATEGORIES: Readonly<Record<RejectionCategory, string>> = {
  wrong_action: 'Wrong action',
  wrong_args: 'Wrong arguments',
  wrong_time: 'Wrong time',
  not_allowed: 'Not allowed',
  duplicate: 'Duplicate',
  other: 'Something else',
}

/** What a link opens while it decides: all that is asked for, and below it the two forms. */
export function decisionPage(
  { card, user, expiresAt }: Extract<OpenedApprovalLink, { outcome: 'open' }>,
  problem: string | null = null,
): string {
  const { proposal } = card
  const parts = [...requestFacts(card), ...requestDetails(card)].map(
    ({ label, text }) => `<h2>${escapeHtml(label)}</h2><pre>${escapeHtml(text)}</pre>`,
  )
  const said = problem === null ? '' : `<p role="alert">${escapeHtml(problem)}</p>`
  return page(
    `Decide on ${proposal.action}`,
    `<h1>${escapeHtml(`${proposal.agent} asks for ${proposal.action}: ${riskText(proposal.risk)}`)}</h1>
<p>You decide as <strong>${escapeHtml(user)}</strong>. This link decides once, until ${escapeHtml(expiresAt)}.</p>
${said}
${parts.join('\n')}
${forms(proposal)}`,
  )
}

function forms({ version, actionHash }: ProposalCard['proposal']): string {
  const bound = `<input type="hidden" name="version" value="${version}"><input type="hidden" name="actionHash" value="${escapeHtml(actionHash)}">`
  const options = Object.entries(CATEGORIES).map(([value, label]) => `<option value="${value}">${label}</option>`)
  return `<form method="post"><fieldset><legend>Approve version ${version}</legend>${bound}
<label>Why (may be empty)<textarea name="reason" rows="2" maxlength="1000"></textarea></label>
<button name="decision" value="approve">Approve</button></fieldset></form>
<form method="post"><fieldset><legend>Reject</legend>${bound}
<label>What is wrong<select name="category" required><option value=""></option>${options.join('')}</select></label>
<label>Why<textarea name="reason" rows="2" maxlength="1000" required></textarea></label>
<button name="decision" value="reject">Reject</button></fieldset></form>`
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>`
}
