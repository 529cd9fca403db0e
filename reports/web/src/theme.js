// Light, dark, or what the system says. Charts ask for colours when they draw, so a change is one redraw.

const kMedia = { auto: 'screen and (prefers-color-scheme: dark)', light: 'not all', dark: 'screen' };

/** The value of a CSS custom property: color('ink'). */
export function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Wires the buttons; `redraw` runs after every change of colours. */
export function setUpTheme(redraw) {
    const sheet = document.getElementById('dark');
    const group = document.getElementById('theme');
    const buttons = [...group.querySelectorAll('button')];
    let choice = 'auto';

    const apply = (media) => {
        sheet.media = media;
        redraw();
    };
    const choose = (name) => {
        choice = name;
        for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.themeChoice === name));
        apply(kMedia[name]);
    };
    for (const button of buttons) button.addEventListener('click', () => choose(button.dataset.themeChoice));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    // Paper is white whatever the screen shows.
    addEventListener('beforeprint', () => apply(kMedia.light));
    addEventListener('afterprint', () => apply(kMedia[choice]));
    group.hidden = false;
    choose(choice);
}
