'use strict';
// Shows what the page holds already. Nothing is fetched, and text is only ever put in as text.
(() => {
  const byId = id => document.getElementById(id);
  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const matrices = {};
  for (const element of document.querySelectorAll('script[type="application/json"]')) {
    matrices[element.dataset.state] = JSON.parse(element.textContent);
  }

  // A row is [begin, value, begin, value, …]: the value from each begin on.
  const valueAt = (row, place) => {
    let low = 0, high = row.length / 2 - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (row[2 * middle] <= place) low = middle; else high = middle - 1;
    }
    return row[2 * low + 1];
  };
  const cellOf = (m, s, d) => m.cells[valueAt(m.rows[m.c[d]], s)];
  const words = cell => cell[0];
  const isOpen = cell => cell[1] === 1;
  const isUnknown = cell => cell[1] === 2;

  const addCauses = (panel, title, causes) => {
    if (!causes.length) return;
    panel.append(make('h4', title));
    const list = make('ul');
    for (const [direction, text, where] of causes) {
      const item = make('li');
      item.append(make('span', direction + ': ' + text + ' '));
      if (where) item.append(make('code', where, 'place'));
      list.append(item);
    }
    panel.append(list);
  };

  const panel = byId('pair');
  const showPair = (state, s, d) => {
    const m = matrices[state];
    panel.replaceChildren();
    const title = make('h3');
    title.append(make('bdi', m.ends[s]), ' → ', make('bdi', m.ends[d]));
    panel.append(title);
    const cell = cellOf(m, s, d);
    panel.append(make('p', words(cell), isOpen(cell) ? '' : isUnknown(cell) ? 'unsure' : 'good'));
    if (cell.length > 2) addCauses(panel, 'Why it is not known', m.causes[cell[2]]);
    addCauses(panel, 'At the destination', m.causes[valueAt(m.rows[m.i[d]], s)]);
    addCauses(panel, 'At the source', m.causes[valueAt(m.rows[m.e[s]], d)]);
    panel.append(make('p', 'Reasons are those of one flow of all that are decided alike: the ends in ' +
      'them are examples.'));
    const other = state === 'after' ? 'before' : 'after';
    if (matrices[other]) {
      const o = matrices[other];
      const from = o.ends.indexOf(m.ends[s]), to = o.ends.indexOf(m.ends[d]);
      const was = from < 0 || to < 0 ? 'one of them is not there' : words(cellOf(o, from, to));
      panel.append(make('p', (other === 'before' ? 'Before the change: ' : 'After the change: ') + was));
    }
  };

  const state = () => {
    const chosen = document.querySelector('input[name="state"]:checked');
    return chosen ? chosen.value : Object.keys(matrices)[0];
  };

  // Looking a pair up by name.
  const form = byId('lookup');
  if (form) {
    const from = byId('from'), to = byId('to'), list = byId('names'), all = byId('all-of');
    const suggest = event => {
      const text = event.target.value, m = matrices[state()];
      list.replaceChildren();
      let found = 0;
      for (const name of m.ends) {
        if (!name.includes(text)) continue;
        const option = make('option');
        option.value = name;
        list.append(option);
        if (++found === 50) break;
      }
    };
    from.addEventListener('input', suggest);
    to.addEventListener('input', suggest);
    form.addEventListener('submit', event => {
      event.preventDefault();
      const m = matrices[state()];
      const s = m.ends.indexOf(from.value.trim()), d = m.ends.indexOf(to.value.trim());
      all.replaceChildren();
      const missing = [[from, s], [to, d]].filter(([input, at]) => at < 0 && input.value.trim());
      if (missing.length) {
        panel.replaceChildren(make('p', 'There is no project “' + missing[0][0].value + '”.', 'bad'));
      } else if (s >= 0 && d >= 0) {
        showPair(state(), s, d);
      } else if (s >= 0 || d >= 0) {
        showAll(m, s, d);
      } else {
        panel.replaceChildren(make('p', 'Name a project, or two.'));
      }
    });
    const showAll = (m, s, d) => {
      const kMost = 500, rows = [];
      let count = 0;
      for (let other = 0; other < m.ends.length; ++other) {
        const cell = s >= 0 ? cellOf(m, s, other) : cellOf(m, other, d);
        if (!isOpen(cell) && !isUnknown(cell)) continue;
        if (++count <= kMost) rows.push([m.ends[other], words(cell)]);
      }
      const title = s >= 0 ? m.ends[s] + ' reaches ' : m.ends[d] + ' is reached by ';
      panel.replaceChildren(make('p', title + count + (count === 1 ? ' of ' : ' of ') + m.ends.length));
      const table = make('table'), body = make('tbody');
      for (const [name, text] of rows) {
        const row = make('tr'), head = make('th');
        head.scope = 'row';
        head.append(make('bdi', name));
        row.append(head, make('td', text));
        body.append(row);
      }
      table.append(body);
      all.replaceChildren(table);
      if (count > kMost) all.append(make('p', 'and ' + (count - kMost) + ' more'));
    };
  }

  // The grid: one stop of the tab key, arrows move within.
  for (const grid of document.querySelectorAll('table.grid')) {
    const buttons = [...grid.querySelectorAll('button')];
    if (!buttons.length) continue;
    const across = grid.querySelectorAll('thead th').length - 1;
    const select = index => {
      for (const button of buttons) button.tabIndex = -1;
      buttons[index].tabIndex = 0;
      buttons[index].focus();
    };
    grid.addEventListener('keydown', event => {
      const at = buttons.indexOf(event.target);
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
      if (at < 0 || !step) return;
      event.preventDefault();
      const next = at + step;
      if (next >= 0 && next < buttons.length) select(next);
    });
    grid.addEventListener('click', event => {
      const button = event.target.closest('button');
      if (!button) return;
      for (const each of document.querySelectorAll('table.grid button[aria-pressed="true"]')) {
        each.setAttribute('aria-pressed', 'false');
      }
      button.setAttribute('aria-pressed', 'true');
      for (const each of buttons) each.tabIndex = -1;
      button.tabIndex = 0;
      showPair(grid.dataset.state, Number(button.dataset.s), Number(button.dataset.d));
    });
  }
  const showGrids = () => {
    for (const box of document.querySelectorAll('[data-grid]')) box.hidden = box.dataset.grid !== state();
  };
  for (const radio of document.querySelectorAll('input[name="state"]')) {
    radio.addEventListener('change', showGrids);
  }
  showGrids();

  // Filters: words, and boxes of what is shown.
  for (const filters of document.querySelectorAll('[data-filters]')) {
    const items = [...document.querySelectorAll('[data-of="' + filters.dataset.filters + '"]')];
    const count = filters.querySelector('output');
    const apply = () => {
      const text = filters.querySelector('input[type="search"]').value.toLowerCase();
      const shown = new Set([...filters.querySelectorAll('input[type="checkbox"]:checked')].map(b => b.value));
      let visible = 0;
      for (const item of items) {
        const fits = shown.has(item.dataset.is) && item.textContent.toLowerCase().includes(text);
        item.hidden = !fits;
        if (fits) ++visible;
      }
      count.textContent = visible + ' of ' + items.length + ' shown';
    };
    filters.addEventListener('input', apply);
    apply();
  }

  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
})();
