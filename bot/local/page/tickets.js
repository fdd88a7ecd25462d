// The sample tracker's page: each field is sent as soon as it is left.

const FOCUS = 'hone.tickets.focus'; // the control that had it before the page was loaded again
const notice = document.getElementById('notice');

function loadAgain() {
  const held = document.activeElement;
  const key = held.closest('tr')?.id;
  if (key) sessionStorage.setItem(FOCUS, JSON.stringify([key, held.name || held.dataset.name]));
  location.reload();
}

const [key, name] = JSON.parse(sessionStorage.getItem(FOCUS) ?? '[]');
sessionStorage.removeItem(FOCUS);
document.getElementById(key)?.querySelector(`[name="${name}"], [data-name="${name}"]`)?.focus();

async function send(body) {
  notice.hidden = true;
  try {
    const response = await fetch('/local/ticket', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = response.ok ? await response.json() : { notice: await response.text() };
    if (!answer.notice) {
      loadAgain();
      return;
    }
    notice.textContent = answer.notice;
  } catch {
    notice.textContent = 'Hone cannot be reached. Please try again.';
  }
  notice.hidden = false;
}

const ticket = (element) => Number(element.closest('tr').dataset.id);

document.addEventListener('change', (event) => {
  if (event.target.closest('tr')) {
    send({ id: ticket(event.target), [event.target.name]: event.target.value });
  }
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-name]');
  if (button) {
    const { name, value } = button.dataset;
    send({ id: ticket(button), [name]: name === 'project' ? value : value === '1' });
  }
});

document.getElementById('new').addEventListener('submit', (event) => {
  event.preventDefault();
  send(Object.fromEntries(new FormData(event.target)));
});
