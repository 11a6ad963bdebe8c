/** Asks a student to do something, over HTTP; gives what it said at the end. */
export async function askStudent(
  address: string,
  { secret, student, task }: { readonly secret: string; readonly student: string; readonly task: string },
): Promise<string> {
  const response = await fetch(`${address}/students/${student}/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ task }),
  })
  if (!response.ok) throw new Error(`${student} gave no answer: ${response.status} ${await response.text()}`)
  const answer = (await response.json()) as { readonly said: string }
  return answer.said
}
