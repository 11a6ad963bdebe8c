import type { RejectionCategory } from '@preceptor/client'
import { plain } from './request-blocks.ts'

/** The form in which a rejection says why. */
export const REJECTION_FORM = 'preceptor_rejection'

const CATEGORIES: Readonly<Record<RejectionCategory, string>> = {
  wrong_action: 'Wrong action',
  wrong_args: 'Wrong arguments',
  wrong_time: 'Wrong time',
  not_allowed: 'Not allowed',
  duplicate: 'Duplicate',
  other: 'Something else',
}
const MOST_REASON = 1_000

/** Whether a text is one of the categories of rejections. */
export function isCategory(text: string): text is RejectionCategory {
  return Object.hasOwn(CATEGORIES, text)
}

/** The form; `metadata` comes back with what is sent in. */
export function rejectionView(metadata: string, version: number): object {
  const options = Object.entries(CATEGORIES).map(([value, label]) => ({ text: plain(label), value }))
  return {
    type: 'modal',
    callback_id: REJECTION_FORM,
    private_metadata: metadata,
    title: plain('Reject'),
    submit: plain('Reject'),
    close: plain('Back'),
    blocks: [
      { type: 'section', block_id: 'what', text: plain(`Version ${version} will not run.`) },
      {
        type: 'input',
        block_id: 'category',
        label: plain('What is wrong'),
        element: { type: 'static_select', action_id: 'category', options },
      },
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Why'),
        element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: MOST_REASON },
      },
    ],
  }
}

/** A view that says something in the place of the form. */
export function noticeView(text: string): object {
  return {
    type: 'modal',
    title: plain('Preceptor'),
    close: plain('Close'),
    blocks: [{ type: 'section', text: plain(text) }],
  }
}
