// The local room: sends what people do, shows what happens. The server draws all markup.

const { as, in: place, mark } = document.body.dataset;
const isOwnPage = place.startsWith('home:');
const $ = (selector, root = document) => root.querySelector(selector);

const messages = $('#messages');
const scroller = $('.scroll');
const composer = $('#composer');
const say = $('#say');
const formDialog = $('#form');
const confirmDialog = $('#confirm');
const notice = $('#notice');

const element = (html) => {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content.firstElementChild;
};

// --- sending ---------------------------------------------------------------------------------

const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};

let noticeTimer;
function tell(sentence) {
  clearTimeout(noticeTimer);
  notice.textContent = sentence;
  notice.hidden = false;
  noticeTimer = setTimeout(() => { notice.hidden = true; }, 8000);
}

/** Send one thing a person did; null when it did not arrive, which the person has then been told. */
async function send(what, body) {
  let response;
  try {
    response = await fetch(`/local/${what}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ as, in: place, ...body }),
    });
  } catch {
    tell('Hone cannot be reached. What you typed is still here; please try again.');
    return null;
  }
  if (!response.ok) {
    tell(await response.text());
    return null;
  }
  const answer = await response.json();
  if (answer.notice) {
    tell(answer.notice);
    return null;
  }
  return answer;
}

/** Where a press happened: its message, and what the server wants to know of it. */
function origin(target) {
  const message = target.closest('.message');
  const ref = (id) => (id?.startsWith('post-') ? id.slice('post-'.length) : '');
  return { message, sent: { post: ref(message?.id), thread: ref(message?.dataset.thread) } };
}

// --- private answers -------------------------------------------------------------------------

function show(answer, from, spot) {
  $('.empty', messages)?.remove();
  let last = null;
  if (answer.echo) {
    last = element(answer.echo);
    spot.after(last);
  }
  for (const whisper of answer.whispers) last = showWhisper(whisper, from);
  if (last) bringIntoView(last);
  if (answer.form) openForm(answer.form, from);
}

/** The message as it stands now, if it was drawn anew since. */
function asItStands(message) {
  if (!message || message.isConnected) return message;
  return message.id ? document.getElementById(message.id) : null;
}

function showWhisper({ html, replaces, summary }, from) {
  const bubble = element(html);
  const pressed = asItStands(from?.message);
  if (pressed?.classList.contains('whisper') && replaces) {
    swap(pressed, bubble);
    from.message = bubble;
  } else if (pressed) {
    // Next to what it answers, wherever the person has scrolled; above a long thread, not below it.
    const replies = $(':scope > .said > .replies', pressed);
    if (replies?.childElementCount) replies.prepend(bubble);
    else pressed.after(bubble);
  } else {
    messages.append(bubble);
  }
  announce(summary);
  return bubble;
}

/** Where the keyboard goes back to once the open dialog is closed. */
let cameFrom = null;

function openDialog(dialog) {
  cameFrom = document.activeElement;
  dialog.showModal(); // which reads it aloud
}

/** A browser goes back by itself, but not to what was drawn anew meanwhile, and leaves the caret behind. */
function comeBack() {
  const there = document.activeElement;
  const lost = there === document.body || there.closest('dialog:not([open])');
  there.blur(); // else what has the focus already would not get the caret with it
  const back = cameFrom?.isConnected ? cameFrom : say;
  (lost ? back : there).focus();
  cameFrom = null;
}

/** Replace an element; the keyboard stays at the button of the same action or name, or the message. */
function swap(old, fresh) {
  const behind = old.contains(cameFrom); // a dialog
  const focused = [cameFrom, document.activeElement].find((each) => old.contains(each));
  old.replaceWith(fresh);
  if (!focused) return;
  const buttons = [...fresh.querySelectorAll('button')];
  const same = buttons.find(({ dataset }) => dataset.action && dataset.action === focused.dataset.action)
    ?? buttons.find((button) => button.textContent === focused.textContent);
  const message = fresh.closest('.message');
  message.tabIndex = -1;
  if (behind) cameFrom = same ?? message;
  else (same ?? message).focus({ preventScroll: true });
}

function announce(sentence) {
  $('#announcer').append(Object.assign(document.createElement('p'), { textContent: sentence }));
  while ($('#announcer').childElementCount > 5) $('#announcer').firstElementChild.remove();
}

// --- pressing buttons ------------------------------------------------------------------------

const busy = new Set();

/** Run `work` unless the same button is still at it. */
async function once(button, work) {
  if (busy.has(button)) return;
  busy.add(button);
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } finally {
    busy.delete(button);
    button.removeAttribute('aria-busy');
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if ('action' in button.dataset) press(button);
  else if ('shortcut' in button.dataset) useShortcut(button);
  else if ('dismiss' in button.dataset) dismiss(button);
  else if ('close' in button.dataset) closeForm();
  else if ('example' in button.dataset) fill(button.dataset.example);
});

function press(button) {
  once(button, async () => {
    if (button.dataset.confirmTitle && !(await confirmed(button.dataset))) return;
    const from = origin(button);
    const answer = await send('click', { key: newKey(), action: button.dataset.action, ...from.sent });
    if (answer) show(answer, from);
  });
}

function useShortcut(button) {
  once(button, async () => {
    const { shortcut: name, line } = button.dataset;
    const answer = await send('shortcut', { key: newKey(), name, line });
    if (answer) show(answer, origin(button));
  });
}

function dismiss(button) {
  button.closest('.message').remove();
  say.focus();
}

function confirmed({ confirmTitle, confirmText, confirmYes, confirmNo }) {
  $('h2', confirmDialog).textContent = confirmTitle;
  $('p', confirmDialog).textContent = confirmText;
  $('[value=yes]', confirmDialog).textContent = confirmYes;
  $('[value=no]', confirmDialog).textContent = confirmNo;
  confirmDialog.returnValue = '';
  openDialog(confirmDialog);
  return new Promise((resolve) => {
    const decide = () => {
      confirmDialog.onclose = null;
      comeBack();
      resolve(confirmDialog.returnValue === 'yes');
    };
    confirmDialog.onclose = decide;
    confirmDialog.onclick = ({ target }) => {
      if (!target.value) return;
      confirmDialog.close(target.value);
      decide(); // its event comes a moment later, and by then the next key may be pressed
    };
  });
}

// --- forms -----------------------------------------------------------------------------------

let formFrom = null;

function openForm(html, from) {
  formFrom = from;
  const before = $('h2', formDialog)?.textContent;
  $('form', formDialog)?.remove();
  formDialog.append(element(html));
  if (!formDialog.open) openDialog(formDialog);
  else if ($('h2', formDialog).textContent !== before) tellPage();
  const wrong = $('.field:has(.error)', formDialog);
  const first = $('input, textarea, select', wrong ?? $('.fields', formDialog));
  const chosen = first?.type === 'radio' && $(':checked', first.closest('.field'));
  (chosen || first || $('[type=submit]', formDialog)).focus();
  updateCounts();
}

/** Say the next page's title and notes: what stands outside an open dialog is not heard. */
function tellPage() {
  const parts = [$('h2', formDialog), $('#form-about', formDialog)];
  $('#form-told').textContent = parts.map((part) => part?.textContent ?? '').join('. ');
}

/** Leave the form at once: the event comes a moment later, and by then somebody may be typing. */
function closeForm() {
  formDialog.close();
  leave();
}

function leave() {
  if (formDialog.open || !$('form', formDialog)) return; // left already
  $('form', formDialog).remove();
  $('#form-told').textContent = '';
  comeBack();
}

formDialog.addEventListener('close', leave);

formDialog.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  once(form, async () => {
    const answer = await send('submit', {
      key: form.dataset.nonce,
      action: event.submitter.value,
      answers: answersOf(form),
      files: await filesOf([...form.querySelectorAll('[type=file]')].flatMap(({ files }) => [...files])),
      ...formFrom?.sent,
    });
    if (!answer || !form.isConnected) return; // nothing is lost: the form stays, or a newer one stands
    if (!answer.saved) return refuse(form, answer);
    if (!answer.form) closeForm();
    show(answer, formFrom);
  });
});

// A browser would press the first button in the footer, which may be Back.
formDialog.addEventListener('keydown', (event) => {
  const chord = event.ctrlKey || event.metaKey;
  if (event.key === 'Enter' && !event.isComposing && (chord || event.target.matches('input'))) {
    event.preventDefault();
    const form = $('form', formDialog);
    form.requestSubmit($('.primary', form));
  }
});

/** In a row of cards a number that is typed picks its card: 8, or 1 and 3 for the 13. */
const TYPED_TOGETHER_MS = 700;
let typed = { row: null, keys: '', at: 0 };
formDialog.addEventListener('keydown', (event) => {
  const row = event.target.closest('.chips.row');
  if (!row || !/^[0-9?]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const goesOn = typed.row === row && event.timeStamp - typed.at < TYPED_TOGETHER_MS;
  const cards = [...row.querySelectorAll('input')];
  const named = (keys) => cards.find((card) => card.value === keys);
  const keys = goesOn && named(typed.keys + event.key) ? typed.keys + event.key : event.key;
  typed = { row, keys, at: event.timeStamp };
  const card = named(keys);
  event.preventDefault();
  if (!card) return;
  card.checked = true;
  card.focus();
});

/** Every field is answered, if only with nothing: what was unticked must not come back. */
function answersOf(form) {
  const data = new FormData(form);
  const fields = [...form.querySelectorAll('[data-field]:not(:has([type=file]))')];
  return Object.fromEntries(fields.map(({ dataset: { field } }) => [field, data.getAll(field)]));
}

/** What files hold, as the server takes it. */
function filesOf(files) {
  const read = (file) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, content: reader.result.split(',')[1] ?? '' });
    reader.onerror = reject;
    reader.readAsDataURL(file);
  });
  return Promise.all(files.map(read));
}

// --- adding a channel --------------------------------------------------------------------------

const newChannel = $('#new-channel');
const wrong = $('#channel-wrong');
const called = $('#channel-name');

$('#add').addEventListener('click', () => newChannel.showModal()); // closed, it gives the keyboard back
$('[data-away]', newChannel).addEventListener('click', () => newChannel.close());
newChannel.addEventListener('submit', (event) => {
  event.preventDefault();
  once(event.target, async () => {
    const { name, team } = Object.fromEntries(new FormData(event.target));
    const answer = await send('channel', { key: newKey(), name, team });
    if (!answer) return;
    if (answer.channel) {
      location.href = `/?as=${as}&in=${encodeURIComponent(answer.channel)}`;
      return;
    }
    wrong.textContent = answer.wrong;
    wrong.hidden = false;
    called.setAttribute('aria-invalid', 'true');
    called.focus();
  });
});

// --- dropping files --------------------------------------------------------------------------

const dragsFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files');

document.addEventListener('dragover', (event) => {
  if (!dragsFiles(event)) return;
  event.preventDefault(); // else the browser would open the file in place of the room
  document.body.classList.toggle('drop', !isOwnPage);
});
document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) document.body.classList.remove('drop');
});
document.addEventListener('drop', async (event) => {
  if (!dragsFiles(event)) return;
  document.body.classList.remove('drop');
  const field = $('[type=file]', formDialog);
  if (formDialog.open && event.target !== field) {
    event.preventDefault();
    if (field) field.files = event.dataTransfer.files;
    return;
  }
  if (formDialog.open) return;
  event.preventDefault();
  if (!isOwnPage) await handOver([...event.dataTransfer.files]);
});

async function handOver(files) {
  const spot = document.createElement('p');
  spot.hidden = true;
  messages.append(spot);
  const answer = await send('hand', { key: newKey(), files: await filesOf(files) });
  if (answer) show(answer, null, spot);
  spot.remove();
}

$('#attach').addEventListener('change', async ({ target }) => {
  await handOver([...target.files]);
  target.value = ''; // the same file may be handed over again
});

function refuse(form, answer) {
  const place = $('.fields > .error', form);
  place.textContent = answer.whispers.map(({ summary }) => summary).join(' ');
  place.hidden = false;
  form.dataset.nonce = newKey();
}

/** Say how far a text is from its limit once it comes near; it is never cut. */
function updateCounts() {
  for (const input of formDialog.querySelectorAll('[data-max]')) {
    const max = Number(input.dataset.max);
    const field = input.closest('.field');
    let count = $('.count', field);
    const used = [...input.value].length;
    if (used < max * 0.8) {
      count?.remove();
      continue;
    }
    if (!count) {
      count = Object.assign(document.createElement('p'), { className: 'count' });
      input.after(count);
    }
    count.textContent = used > max
      ? `${used - max} characters too many`
      : `${max - used} characters left`;
  }
}
formDialog.addEventListener('input', updateCounts);

// --- the composer ----------------------------------------------------------------------------

const list = $('#suggestions');
const options = [...list.children];

let sending = Promise.resolve();

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = say.value.trim();
  if (!text) return;
  suggest(false);
  say.value = '';
  const spot = document.createElement('p'); // an echo stands where its line was sent, before the answer
  spot.hidden = true;
  messages.append(spot);
  sending = sending.then(() => deliver(text, spot)); // one after another, in the order typed
});

async function deliver(text, spot) {
  const answer = await send('say', { key: newKey(), text });
  if (!answer?.saved) say.value = say.value ? `${text} ${say.value}` : text;
  if (answer) show(answer, null, spot);
  spot.remove();
  if (answer && !answer.echo && !answer.whispers.length) toEnd();
}

function fill(line) {
  say.value = line;
  suggest(false);
  say.focus();
  say.setSelectionRange(line.length, line.length);
}

function suggest(open) {
  const typed = say.value.toLowerCase();
  const fitting = open && typed.startsWith('/')
    ? options.filter(({ dataset: { word, line } }) => word.startsWith(typed) || line.toLowerCase().startsWith(typed))
    : [];
  for (const option of options) {
    option.hidden = !fitting.includes(option);
    option.setAttribute('aria-selected', 'false');
  }
  list.hidden = fitting.length === 0;
  list.scrollTop = 0;
  say.setAttribute('aria-expanded', String(!list.hidden));
  say.removeAttribute('aria-activedescendant');
}

function activate(step) {
  const shown = options.filter((option) => !option.hidden);
  const now = shown.findIndex((option) => option.ariaSelected === 'true');
  const next = now < 0 && step < 0 ? shown.length - 1 : (now + step + shown.length) % shown.length;
  shown.forEach((option, index) => option.setAttribute('aria-selected', String(index === next)));
  say.setAttribute('aria-activedescendant', shown[next].id);
  shown[next].scrollIntoView({ block: 'nearest' });
}

/** Take the suggested line; what follows its command is selected, ready to be typed over. */
function take({ dataset: { word, line } }) {
  fill(line);
  if (line.startsWith(`${word} `)) say.setSelectionRange(word.length + 1, line.length);
}

say.addEventListener('input', () => suggest(true));
say.addEventListener('blur', () => suggest(false));
say.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  const active = options.find((option) => option.ariaSelected === 'true');
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (list.hidden) suggest(true);
    if (!list.hidden) activate(event.key === 'ArrowDown' ? 1 : -1);
  } else if (event.key === 'Escape' && !list.hidden) {
    suggest(false);
  } else if ((event.key === 'Enter' || event.key === 'Tab') && active && !list.hidden) {
    take(active);
  } else {
    return;
  }
  event.preventDefault();
});
list.addEventListener('mousedown', (event) => {
  event.preventDefault(); // the composer keeps the keyboard
  const option = event.target.closest('[role=option]');
  if (option) take(option);
});
$('.slash', composer).addEventListener('click', () => {
  if (!say.value.startsWith('/')) say.value = '/';
  say.focus();
  suggest(true);
});

// --- the examples of a first visit -----------------------------------------------------------

const examples = $('#try');
const CLOSED = 'hone.examples.closed';
const VISITED = 'hone.visited';
const remembered = (() => { try { return localStorage; } catch { return null; } })();
const isFirstVisit = !remembered?.getItem(VISITED);
remembered?.setItem(VISITED, 'yes');

if (examples) {
  examples.hidden = remembered?.getItem(CLOSED) === 'yes';
  $('.close', examples).addEventListener('click', () => {
    examples.hidden = true;
    remembered?.setItem(CLOSED, 'yes');
    say.focus();
  });
}

// --- what happens meanwhile ------------------------------------------------------------------

const nearEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 160;
const onScreen = (message) => {
  const { top, bottom } = message.getBoundingClientRect();
  const seen = scroller.getBoundingClientRect();
  return bottom > seen.top && top < seen.bottom;
};
const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };

/** Show all of a message, or where it begins if it is taller than the screen. */
function bringIntoView(message) {
  const tall = message.offsetHeight > scroller.clientHeight - 40;
  message.scrollIntoView({ block: tall ? 'start' : 'nearest' });
}

function arrive({ id, channel, thread, html, new: isNew, says }) {
  if (channel !== place) {
    if (isNew) markUnread(channel);
    return;
  }
  const standing = document.getElementById(id);
  if (standing) {
    const fresh = element(html);
    swap($(':scope > .said > .card, :scope > .said > .words', standing), $('.card, .words', fresh));
    if (standing.dataset.says !== says) announce(says); // how far a vote is, above all
    standing.dataset.says = says;
    standing.toggleAttribute('data-pinned', 'pinned' in fresh.dataset);
    if ('pinned' in fresh.dataset) standing.dataset.pinned = fresh.dataset.pinned;
  } else if (isNew) {
    const parent = thread && document.getElementById(thread);
    const follow = parent ? onScreen(parent) : nearEnd();
    $('.empty', messages)?.remove();
    const message = element(html);
    const replies = parent && $('.replies', parent);
    const begins = replies?.childElementCount === 0;
    (replies ?? messages).append(message);
    announce(says);
    if (follow) bringIntoView(begins ? parent : message);
  }
  showPins();
}

/** Keep what is pinned here in sight, above all messages: a line each that leads to it. */
function showPins() {
  const links = [...messages.querySelectorAll('[data-pinned]')].map(({ id, dataset }) =>
    Object.assign(document.createElement('a'), { href: `#${id}`, textContent: dataset.pinned }));
  $('#pins').replaceChildren(...links);
  $('#pins').hidden = !links.length;
}

function markUnread(channel) {
  const link = $(`[data-channel="${CSS.escape(channel)}"]`);
  if (link) $('.unread', link).hidden = false;
}

/** Load the messages anew: the server was restarted, or this page slept too long. */
async function reload() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  messages.replaceChildren(...$('#messages', page).childNodes);
  showPins();
  listen(page.body.dataset.mark);
}

let events;
function listen(from) {
  events?.close();
  events = new EventSource(`/local/events?as=${as}&mark=${from}`);
  events.onmessage = ({ data }) => arrive(JSON.parse(data));
  events.addEventListener('reload', reload);
}

showPins();
listen(mark);
$('.places [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
if (!isOwnPage && !isFirstVisit) { // who comes for the first time reads from the top
  toEnd();
  if (messages.lastElementChild?.matches('.message')) bringIntoView(messages.lastElementChild);
}
// What is scrolled to becomes the place that Tab goes on from; on a fresh page that is its top.
const tabFromTheTop = () => {
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute('tabindex');
};
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
else if (document.activeElement === document.body) tabFromTheTop();
if (matchMedia('(min-width: 721px)').matches) say.focus();
