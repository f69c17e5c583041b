// Everything works without this: it adds buttons that copy, and looks by itself how far a sign-in is.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy)?.textContent ?? ''
    await navigator.clipboard.writeText(text.trim())
    const before = button.textContent
    button.textContent = button.dataset.done
    setTimeout(() => {
      button.textContent = before
    }, 1500)
  })
}

const waiting = document.querySelector('[data-flow]')
if (waiting instanceof HTMLElement) {
  const look = async () => {
    const response = await fetch(waiting.dataset.flow ?? '').catch(() => undefined)
    const flow = response?.ok ? await response.json() : undefined
    if (flow !== undefined && flow.state !== 'waiting') location.assign(waiting.dataset.page ?? '/')
    else setTimeout(look, 1500)
  }
  setTimeout(look, 1500)
}
