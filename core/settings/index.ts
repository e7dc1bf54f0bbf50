// What an operator sets, the same for a stage and for a laptop: names, defaults, bounds.
// Takes: variables as texts. Gives: Settings, and sentences about what is wrong. Never: reads the environment.
export { readSettings, settingNames, settingRows, usualSettings, type SettingName, type Settings } from './settings.ts';
