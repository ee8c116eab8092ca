import { mix } from './noise.ts';

/** Company names put together from syllables and a trade: they look like Chinese listed companies, and are none. */
const FIRST = syllables(
  '华hua 中zhong 东dong 金jin 天tian 海hai 新xin 国guo 江jiang 长chang 恒heng 瑞rui 泰tai 安an 信xin 科ke 创chuang 远yuan 大da 盛sheng 德de 宏hong 万wan 银yin 龙long 凯kai 航hang 云yun 光guang 南nan 北bei 西xi 晨chen 振zhen 广guang 正zheng 永yong 联lian 同tong 美mei 佳jia 永yong 嘉jia 卓zhuo 欧ou 奥ao 亚ya 博bo 鼎ding 康kang 益yi 丰feng 昊hao 景jing 赛sai 迈mai 腾teng 飞fei 鑫xin 元yuan',
);
const SECOND = syllables(
  '源yuan 达da 力li 通tong 盛sheng 丰feng 阳yang 宇yu 和he 兴xing 泽ze 润run 诚cheng 隆long 茂mao 辉hui 凌ling 拓tuo 威wei 明ming 捷jie 尔er 特te 能neng 芯xin 普pu 锐rui 翔xiang 驰chi 邦bang 百bai 胜sheng 为wei 思si 朗lang 悦yue 立li 方fang 科ke 纳na 维wei 罗luo 图tu 视shi 迪di 晟sheng 岭ling 峰feng 川chuan 湖hu 港gang 原yuan 林lin 田tian 石shi 玉yu 帆fan 柏bai 尚shang 启qi',
);
const TRADES = [
  { word: '股份', pinyin: 'Gu Fen', english: 'Holdings' },
  { word: '科技', pinyin: 'Ke Ji', english: 'Technology' },
  { word: '电子', pinyin: 'Dian Zi', english: 'Electronics' },
  { word: '医药', pinyin: 'Yi Yao', english: 'Pharmaceutical' },
  { word: '集团', pinyin: 'Ji Tuan', english: 'Group' },
  { word: '材料', pinyin: 'Cai Liao', english: 'Materials' },
  { word: '智能', pinyin: 'Zhi Neng', english: 'Intelligence' },
  { word: '环保', pinyin: 'Huan Bao', english: 'Environment' },
] as const;

/** Industries and areas as TuShare spells them; the first ones are the commonest. */
const INDUSTRIES =
  '电气设备 元器件 专用机械 软件服务 汽车配件 化工原料 半导体 医疗保健 化学制药 通信设备 机械基件 建筑工程 环境保护 电器仪表 食品 家用电器 生物制药 互联网 IT设备 塑料 家居用品 中成药 服饰 小金属 农药化肥 广告包装 航空 证券 运输设备 仓储物流 供气供热 区域地产 农业综合 银行 纺织 工程机械 医药商业 百货 造纸 火力发电 铝 煤炭开采 普钢 水泥 白酒 玻璃 水运 旅游景点 港口 综合类'.split(
    ' ',
  );
const AREAS =
  '浙江 江苏 北京 广东 上海 深圳 山东 安徽 四川 福建 湖北 湖南 河南 江西 辽宁 河北 陕西 重庆 天津 新疆 吉林 广西 山西 云南 黑龙江 甘肃 贵州 内蒙 海南 西藏 宁夏 青海'.split(
    ' ',
  );

export interface Company {
  readonly name: string;
  readonly fullname: string;
  readonly enname: string;
  readonly cnspell: string;
  readonly area: string;
  readonly industry: string;
}

/** Names the n-th company; no two of the first 28,800 share a name. */
export function company(seed: number, n: number): Company {
  const combinations = FIRST.length * SECOND.length * TRADES.length;
  // A step without a common divisor visits every combination once before it repeats.
  const place = (n * 7919 + (seed % combinations)) % combinations;
  const first = at(FIRST, place % FIRST.length);
  const second = at(SECOND, Math.floor(place / FIRST.length) % SECOND.length);
  const trade = at(TRADES, Math.floor(place / (FIRST.length * SECOND.length)));
  const name = first.sign + second.sign + trade.word;
  const words = `${capital(first.pinyin)} ${capital(second.pinyin)} ${trade.pinyin}`;
  return {
    name,
    fullname: `${name}有限公司（模拟数据）`,
    enname: `${capital(first.pinyin)}${second.pinyin} ${trade.english} Co., Ltd. (simulated)`,
    cnspell: words.replace(/[^A-Z]/g, '').toLowerCase(),
    area: at(AREAS, skewed(mix(seed, n, 31), AREAS.length)),
    industry: at(INDUSTRIES, skewed(mix(seed, n, 32), INDUSTRIES.length)),
  };
}

/** Small indexes come up more often, as a few provinces and industries hold most of the companies. */
function skewed(hash: number, length: number): number {
  return Math.floor((hash / 4_294_967_296) ** 1.8 * length);
}

function syllables(text: string): { sign: string; pinyin: string }[] {
  const found = new Map(text.split(' ').map((word) => [word.slice(0, 1), word.slice(1)]));
  return [...found].map(([sign, pinyin]) => ({ sign, pinyin }));
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in a list of ${list.length}`);
  return value;
}
