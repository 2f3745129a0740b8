// @ts-check
/**
 * The script of the live page. It reads nothing itself: the server sends each part as it shall stand there, and this
 * puts it in place, counts ages on, says when the connection is lost, and asks before anything is changed.
 */

/** Without a word for so long, the connection counts as lost: three of the server's signs of life. */
const silenceMsMax = 6_500;
/** What was read longer ago than this is shown as old. */
const staleMs = 5_000;
const retryMs = 1_000;
const rowsMax = 300;
const saidMs = 12_000;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {number} ms */
const clock = (ms) => new Date(ms).toISOString().slice(11, 19);

const { instance } = document.body.dataset;
let readAtMs = Number(document.body.dataset.readAt) || null;
/** What to add to this machine's clock to have the server's; they differ when the page is read from elsewhere. */
let offsetMs = 0;
let heardAtMs = Date.now();
/** @type {number | null} */
let lostSinceMs = null;
let isAnswered = false;
/** @type {EventSource | null} */
let source = null;

// The token has done its work. It shall be in no history, and in no link that is passed on.
if (location.search !== '') history.replaceState(null, '', location.pathname);

const serverNow = () => Date.now() + offsetMs;

/** @param {number} ms */
function age(ms) {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

function connect() {
  source?.close();
  source = new EventSource('/events');
  source.addEventListener('all', (event) => hear(event, true));
  source.addEventListener('change', (event) => hear(event, false));
  source.onerror = () => {
    lose();
    source?.close();
    source = null;
    setTimeout(connect, retryMs);
  };
}

/**
 * @param {MessageEvent} event
 * @param {boolean} isAll
 */
function hear(event, isAll) {
  const said = JSON.parse(event.data);
  if (said.instance !== instance) {
    location.reload();
    return;
  }
  heardAtMs = Date.now();
  offsetMs = said.nowMs - heardAtMs;
  readAtMs = said.readAtMs;
  isAnswered = true;
  find();
  for (const [name, html] of Object.entries(said.parts)) put(name, html);
  addRows(said.rows, isAll);
  tick();
}

/**
 * @param {string} name
 * @param {string} html
 */
function put(name, html) {
  const element = document.querySelector(`[data-part="${CSS.escape(name)}"]`);
  if (element !== null && element.innerHTML !== html) element.innerHTML = html;
}

/**
 * @param {readonly string[]} rows
 * @param {boolean} isAll
 */
function addRows(rows, isAll) {
  const list = byId('timeline');
  if (isAll) list.innerHTML = '';
  list.insertAdjacentHTML('afterbegin', [...rows].reverse().join(''));
  while (list.children.length > rowsMax) list.lastElementChild?.remove();
}

function lose() {
  if (lostSinceMs !== null) return;
  lostSinceMs = heardAtMs;
  document.body.classList.add('lost');
  byId('lost').hidden = false;
  byId('lost').textContent = `Connection lost since ${clock(lostSinceMs)} UTC. What stands here is old. Trying again.`;
  setButtons(true);
  if (isAsking()) allow(false);
}

function find() {
  if (lostSinceMs === null) return;
  lostSinceMs = null;
  document.body.classList.remove('lost');
  byId('lost').hidden = true;
  setButtons(false);
  // What was asked before may not be so any more.
  if (isAsking()) void preview();
}

/** @param {boolean} isDisabled */
function setButtons(isDisabled) {
  for (const button of document.querySelectorAll('main button')) {
    /** @type {HTMLButtonElement} */ (button).disabled = isDisabled;
  }
}

function tick() {
  if (lostSinceMs === null && Date.now() - heardAtMs > silenceMsMax) {
    lose();
    connect();
  }
  for (const element of document.querySelectorAll('[data-since]')) {
    const text = `for ${age(serverNow() - Number(/** @type {HTMLElement} */ (element).dataset.since))}`;
    if (element.textContent !== text) element.textContent = text;
  }
  const reading = byId('reading');
  const isStale = readAtMs === null || serverNow() - readAtMs > staleMs || lostSinceMs !== null;
  const text =
    readAtMs === null
      ? 'nothing is read yet'
      : isStale
        ? `OLD: read ${age(serverNow() - readAtMs)} ago`
        : isAnswered
          ? 'live'
          : 'as it was when this page was loaded';
  reading.classList.toggle('stale', isStale);
  if (reading.textContent !== text) reading.textContent = text;
}

let saidCount = 0;
/**
 * @param {string} text
 * @param {boolean} isDone
 */
function say(text, isDone) {
  const line = byId('said');
  saidCount += 1;
  const mine = saidCount;
  line.hidden = false;
  line.textContent = text;
  line.classList.toggle('bad', !isDone);
  setTimeout(() => {
    if (mine === saidCount) line.hidden = true;
  }, saidMs);
}

/**
 * @param {string} path
 * @param {object} body
 */
async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      return { isDone: false, message: text };
    }
  } catch {
    return { isDone: false, message: 'no answer: nobody knows whether it was done' };
  }
}

/** @typedef {{ flag: string, meaning: string }} Choice */
/** @type {{ words: string[], choices: Choice[], text: Choice | null } | null} */
let asked = null;
let previewCount = 0;

/** Whether a command stands in the dialog and waits to be carried out. */
const isAsking = () => asked !== null && /** @type {HTMLDialogElement} */ (byId('ask')).open;

/** The words of the command with what was chosen in the dialog. */
function chosenWords() {
  if (asked === null) return [];
  const words = [...asked.words];
  for (const box of byId('ask-choices').querySelectorAll('input')) {
    if (box.type === 'checkbox' && box.checked) words.push(box.value);
    if (box.type === 'text' && box.value.trim() !== '') words.push(box.name, box.value.trim());
  }
  return words;
}

async function preview() {
  allow(false);
  const words = chosenWords();
  previewCount += 1;
  const mine = previewCount;
  const seen = await post('/preview', { words });
  if (mine !== previewCount || asked === null || words.join(' ') !== chosenWords().join(' ')) return;
  const isOpen = seen.outcome === 'accepted';
  const place = byId('ask-preview');
  place.replaceChildren();
  const line = document.createElement('p');
  line.className = isOpen ? 'would' : 'would not';
  line.textContent = isOpen ? `It would say: ${seen.message}` : seen.message;
  place.append(line);
  if (seen.steps?.length > 0) {
    const list = document.createElement('ol');
    for (const step of seen.steps) {
      const item = document.createElement('li');
      item.textContent = step;
      list.append(item);
    }
    place.append(list);
  }
  byId('ask-line').textContent = seen.line ?? '';
  byId('ask-name').hidden = seen.nameToType == null;
  byId('ask-name').dataset.wanted = seen.nameToType ?? '';
  allow(isOpen);
}

/** @param {boolean} isOpen */
function allow(isOpen) {
  const { wanted = '' } = byId('ask-name').dataset;
  const typed = /** @type {HTMLInputElement} */ (byId('ask-typed')).value.trim();
  byId('ask-preview').dataset.open = String(isOpen);
  const button = /** @type {HTMLButtonElement} */ (byId('ask-do'));
  button.disabled = !isOpen || lostSinceMs !== null || (wanted !== '' && typed !== wanted);
}

/** @param {HTMLElement} button */
function ask(button) {
  asked = JSON.parse(button.dataset.command ?? 'null');
  if (asked === null) return;
  const choices = byId('ask-choices');
  choices.replaceChildren();
  for (const { flag, meaning } of asked.choices) choices.append(field('checkbox', flag, meaning));
  if (asked.text !== null) choices.append(field('text', asked.text.flag, asked.text.meaning));
  byId('ask-where').textContent = document.querySelector('.where')?.textContent ?? '';
  byId('ask-line').textContent = '';
  byId('ask-preview').textContent = 'asking what it would do';
  /** @type {HTMLInputElement} */ (byId('ask-typed')).value = '';
  allow(false);
  /** @type {HTMLDialogElement} */ (byId('ask')).showModal();
  byId('ask-cancel').focus();
  void preview();
}

/**
 * @param {string} type
 * @param {string} flag
 * @param {string} meaning
 */
function field(type, flag, meaning) {
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = type;
  box.name = flag;
  if (type === 'checkbox') box.value = flag;
  box.addEventListener('input', () => void preview());
  const words = document.createElement('span');
  words.textContent = ` ${flag}: ${meaning} `;
  label.append(...(type === 'text' ? [words, box] : [box, words]));
  return label;
}

async function carryOut() {
  const words = chosenWords();
  const typed = /** @type {HTMLInputElement} */ (byId('ask-typed')).value.trim();
  /** @type {HTMLDialogElement} */ (byId('ask')).close();
  asked = null;
  say(`${words.join(' ')}: under way`, true);
  const { message, isDone } = await post('/operate', { words, ...(typed === '' ? {} : { name: typed }) });
  say(message, isDone);
}

document.addEventListener('click', async (event) => {
  const button = /** @type {HTMLElement | null} */ (
    event.target instanceof Element ? event.target.closest('button') : null
  );
  if (button === null) return;
  const { fault, heal, kind, name, command } = button.dataset;
  if (command !== undefined) ask(button);
  else if (button.id === 'ask-do') await carryOut();
  else if (fault !== undefined || heal !== undefined) {
    const { message, isDone } =
      fault === undefined ? await post('/heal', { kind: heal, name }) : await post('/fault', { kind, name, fault });
    say(message, isDone);
  }
});
document.getElementById('ask-typed')?.addEventListener('input', () => {
  allow(byId('ask-preview').dataset.open === 'true');
});

connect();
setInterval(tick, 500);
