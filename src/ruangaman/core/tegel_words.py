"""The spoken words of a tile mark: 256 short things one can picture, the same thing in both languages.

Chosen so that no word is rude, frightening, a body part, a person, or bound to one faith; no animal that
serves as an insult in either language; one word each, because people read them aloud over the phone.
"""

_PAIRS = """
padi rice, perahu boat, lampu lamp, jagung corn, mangga mango, jeruk orange, apel apple, anggur grape,
nanas pineapple, kelapa coconut, durian durian, rambutan rambutan, manggis mangosteen, lemon lemon,
stroberi strawberry, tomat tomato, wortel carrot, kentang potato, labu pumpkin, bayam spinach, bawang
onion, jahe ginger, kunyit turmeric, cengkih clove, pala nutmeg, madu honey, roti bread, keju cheese, kue
cake, sup soup, teh tea, kopi coffee, garam salt, gula sugar, tempe tempeh, sate satay, ubi yam, kucing
cat, kelinci rabbit, gajah elephant, harimau tiger, singa lion, rusa deer, kuda horse, jerapah giraffe,
panda panda, beruang bear, tupai squirrel, landak hedgehog, bebek duck, angsa swan, merpati dove, elang
eagle, merak peacock, pipit sparrow, nuri parrot, pinguin penguin, ikan fish, paus whale, kepiting crab,
udang shrimp, gurita octopus, kerang shell, penyu turtle, katak frog, semut ant, lebah bee, capung
dragonfly, jangkrik cricket, kumbang beetle, siput snail, unta camel, domba sheep, zebra zebra, koala
koala, tapir tapir, komodo komodo, bulan moon, bintang star, matahari sun, awan cloud, hujan rain,
pelangi rainbow, angin wind, embun dew, salju snow, gunung mountain, bukit hill, lembah valley, sungai
river, danau lake, laut sea, pantai beach, ombak wave, pasir sand, karang coral, pulau island, hutan
forest, ladang field, kebun garden, taman park, bunga flower, mawar rose, melati jasmine, anggrek orchid,
teratai lotus, daun leaf, akar root, ranting twig, bambu bamboo, rumput grass, jamur mushroom, kaktus
cactus, benih seed, batu stone, emas gold, perak silver, mutiara pearl, kapas cotton, kayu wood, tanah
soil, obor torch, kolam pond, rumah house, pintu door, jendela window, atap roof, tangga ladder, kursi
chair, meja table, lemari cupboard, kasur mattress, bantal pillow, selimut blanket, tikar mat, cermin
mirror, sapu broom, ember bucket, sabun soap, handuk towel, sisir comb, sikat brush, payung umbrella,
topi hat, baju shirt, jaket jacket, sarung sarong, batik batik, sepatu shoe, sandal sandal, kancing
button, benang thread, jarum needle, gunting scissors, keranjang basket, tas bag, koper suitcase, kotak
box, kunci key, jam clock, lilin candle, lentera lantern, kipas fan, radio radio, kamera camera, telepon
phone, buku book, pensil pencil, kertas paper, penggaris ruler, peta map, surat letter, amplop envelope,
prangko stamp, koran newspaper, lukisan painting, kapur chalk, piring plate, mangkuk bowl, gelas glass,
cangkir cup, sendok spoon, garpu fork, panci pot, wajan wok, teko kettle, botol bottle, nampan tray,
kompor stove, kereta train, bus bus, sepeda bicycle, kapal ship, pesawat plane, becak rickshaw, truk
truck, roket rocket, balon balloon, rakit raft, layar sail, jangkar anchor, dayung paddle, roda wheel,
jembatan bridge, terowongan tunnel, menara tower, mercusuar lighthouse, pasar market, warung kiosk,
sekolah school, stasiun station, pelabuhan harbour, museum museum, istana palace, tenda tent, pagar
fence, sumur well, gitar guitar, gong gong, seruling flute, biola violin, piano piano, terompet trumpet,
angklung angklung, gamelan gamelan, lonceng bell, kendang drum, bola ball, raket racket, layangan kite,
boneka doll, wayang puppet, topeng mask, kelereng marble, ayunan swing, medali medal, bendera flag,
mahkota crown, cincin ring, kalung necklace, gelang bracelet, kado gift, robot robot, teropong telescope,
kompas compass, palu hammer, tali rope, helm helmet, sarang nest, bulu feather, kincir windmill, komet
comet, dadu dice, catur chess, pita ribbon, sabuk belt
"""

_SPLIT = [pair.split() for pair in _PAIRS.replace("\n", " ").split(",")]
WORDS_ID: tuple[str, ...] = tuple(pair[0] for pair in _SPLIT)
WORDS_EN: tuple[str, ...] = tuple(pair[1] for pair in _SPLIT)
