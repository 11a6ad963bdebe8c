import { expect, it } from 'vitest'
import { createFailpoints } from '../testing/failpoints.ts'
import { honest, shown, usePlane } from './plane.test.helper.ts'

const failpoints = createFailpoints()
const plane = usePlane(() => ({ testing: failpoints }))

it('approves nothing when the answer of the model is lost, and leaves the action to people [REVIEW-4, I-25]', async () => {
  await plane.earn()
  plane.says(honest('approve'))
  const proposal = await plane.ask()
  failpoints.throwAt('review.after_answer', new Error('The process died.'))
  await expect(plane.ana.proposals.review(proposal.id)).rejects.toThrow()
  const { state, reviews } = await plane.test.admin.proposals.get(proposal.id)
  expect({ state, reviews }).toEqual({ state: 'pending', reviews: [] })
  expect(await plane.test.admin.proposals.approve(proposal.id, shown(proposal))).toMatchObject({ state: 'approved' })
})
