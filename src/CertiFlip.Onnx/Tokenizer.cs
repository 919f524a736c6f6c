using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Data;

namespace CertiFlip.Onnx;

/// <summary>Texts as the numbers of their tokens, by the tokenizer that a model was trained with.</summary>
/// <remarks>
/// It is read from <c>tokenizer.json</c>, or from <c>vocab.txt</c> (WordPiece) or <c>vocab.json</c> and
/// <c>merges.txt</c> (byte-level BPE). A tokenizer with a step that is not known is refused: tokens that are nearly
/// right give features that are silently wrong.
/// </remarks>
internal sealed partial class Tokenizer
{
    private static readonly string[] SpecialOfMerges = ["<s>", "</s>", "<pad>", "<unk>", "<mask>", "<|endoftext|>"];
    private readonly ITokenModel _model;
    private readonly int[] _before, _after;
    private readonly Dictionary<string, AddedToken> _added;
    private readonly Regex? _addedPattern;

    private Tokenizer(ITokenModel model, int[] before, int[] after, IEnumerable<AddedToken> added)
    {
        (_model, _before, _after) = (model, before, after);
        _added = added.Where(token => token.Text.Length > 0).DistinctBy(token => token.Text).ToDictionary(token => token.Text);
        if (_added.Count > 0)
            _addedPattern = new Regex(string.Join('|', _added.Keys.OrderByDescending(text => text.Length).Select(Regex.Escape)));
    }

    /// <summary>The most tokens of a text that the files speak of; null where they do not.</summary>
    public int? MostTokens { get; private init; }

    /// <summary>The token that fills the rest of an input of fixed length.</summary>
    public int Padding { get; private init; }

    /// <summary>How many tokens stand around every text.</summary>
    public int Special => _before.Length + _after.Length;

    private interface ITokenModel
    {
        void Append(string text, bool isStart, List<int> tokens);
    }

    /// <summary>The tokens of a text, with those that stand around every text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most tokens; the end of a longer text is left out.</param>
    public int[] Encode(string text, int most)
    {
        List<int> tokens = [];
        int at = 0;
        foreach (Match match in _addedPattern?.Matches(text).AsEnumerable() ?? [])
        {
            AddedToken token = _added[match.Value];
            if (token.IsWord && (match.Index > 0 && IsLetter(text[match.Index - 1])
                || match.Index + match.Length < text.Length && IsLetter(text[match.Index + match.Length])))
            {
                continue;
            }

            string before = text[at..match.Index];
            AppendPart(token.TakesBlanksBefore ? before.TrimEnd() : before, at == 0);
            tokens.Add(token.Number);
            at = match.Index + match.Length;
            while (token.TakesBlanksAfter && at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
        }

        AppendPart(text[at..], at == 0);
        int room = Math.Max(0, most - Special);
        return [.. _before, .. tokens.Take(room), .. _after];

        void AppendPart(string part, bool isStart)
        {
            if (part.Length > 0)
                _model.Append(part, isStart, tokens);
        }
    }

    /// <summary>The tokenizer beside a model.</summary>
    /// <param name="find">Reads a file beside the model, by its name; null where there is none.</param>
    /// <param name="source">What messages call the model.</param>
    /// <exception cref="DataException">There is none, or it has a step that is not known.</exception>
    public static (Tokenizer Tokenizer, IReadOnlyDictionary<string, byte[]> Files) Read(Func<string, byte[]?> find, string source)
    {
        string[] names = ["tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt"];
        Dictionary<string, byte[]> files = names.Select(name => (name, find(name))).Where(file => file.Item2 is not null)
            .ToDictionary(file => file.name, file => file.Item2!);
        try
        {
            if (files.TryGetValue("tokenizer.json", out byte[]? json))
            {
                // The rest says nothing that is not in it, but for the length.
                foreach (string other in names[2..])
                    files.Remove(other);
                return (OfJson(json, Config(files), source), files);
            }

            if (files.TryGetValue("vocab.txt", out byte[]? vocabulary))
                return (OfVocabulary(Encoding.UTF8.GetString(vocabulary), Config(files), source), files);
            if (files.TryGetValue("vocab.json", out byte[]? words) && files.TryGetValue("merges.txt", out byte[]? merges))
                return (OfMerges(words, Encoding.UTF8.GetString(merges), Config(files), source), files);
        }
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException
                or OverflowException)
        {
            throw new DataException($"{source}: the tokenizer beside the model cannot be read: {e.Message}", e);
        }

        throw new DataException($"{source}: there is no tokenizer beside the model; put its tokenizer.json there, or its vocab.txt, "
            + "or its vocab.json and merges.txt.");
    }

    private static JsonElement Config(Dictionary<string, byte[]> files)
    {
        if (!files.TryGetValue("tokenizer_config.json", out byte[]? config))
            return default;
        using var document = JsonDocument.Parse(config);
        return document.RootElement.Clone();
    }

    private static int? LengthIn(JsonElement config) =>
        Property(config, "model_max_length") is { ValueKind: JsonValueKind.Number } length && length.TryGetDouble(out double most)
        && most is >= 1 and <= 1 << 20 ? (int)most : null;

    private static Tokenizer OfVocabulary(string text, JsonElement config, string source)
    {
        Dictionary<string, int> vocabulary = [];
        foreach ((int number, string line) in text.TrimEnd('\n').Split('\n').Index())
            vocabulary[line.TrimEnd('\r')] = number;
        bool isLower = Property(config, "do_lower_case") is { ValueKind: JsonValueKind.True or JsonValueKind.False } says
            ? says.GetBoolean()
            : !vocabulary.Keys.Any(word => word.Length > 1 && word[0] != '[' && word.Any(char.IsAsciiLetterUpper));
        int Of(string token) => vocabulary.TryGetValue(token, out int number) ? number
            : throw new DataException($"{source}: the vocab.txt beside the model has no {token}; expected a vocabulary of BERT.");
        string[] special = ["[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"];
        return new Tokenizer(
            new WordPiece(vocabulary, Of("[UNK]"), "##", 100, new BertCleaning(true, true, isLower, isLower)), [Of("[CLS]")], [Of("[SEP]")],
            special.Where(vocabulary.ContainsKey).Select(token => new AddedToken(token, vocabulary[token], false, false, false)))
        {
            MostTokens = LengthIn(config),
            Padding = Of("[PAD]"),
        };
    }

    private static Tokenizer OfMerges(byte[] words, string merges, JsonElement config, string source)
    {
        Dictionary<string, int> vocabulary = VocabularyOf(JsonDocument.Parse(words).RootElement);
        string[] special = [.. SpecialOfMerges.Where(vocabulary.ContainsKey)];
        if (!vocabulary.TryGetValue("<s>", out int start) || !vocabulary.TryGetValue("</s>", out int end))
            throw new DataException($"{source}: the vocab.json beside the model has no <s> and </s>; put its tokenizer.json beside it.");
        bool isSpaced = Property(config, "add_prefix_space") is { ValueKind: JsonValueKind.True };
        return new Tokenizer(
            new BytePairs(vocabulary, [.. merges.Split('\n').Select(line => line.TrimEnd('\r'))
                .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)).Select(PairOf)], isSpaced, true),
            [start], [end], special.Select(token => new AddedToken(token, vocabulary[token], token == "<mask>", false, false)))
        {
            MostTokens = LengthIn(config),
            Padding = vocabulary.GetValueOrDefault("<pad>"),
        };
    }

    private static Tokenizer OfJson(byte[] json, JsonElement config, string source)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement, model = root.GetProperty("model");
        string kind = Property(model, "type") is { ValueKind: JsonValueKind.String } type ? type.GetString()!
            : Property(model, "merges") is not null ? "BPE" : Property(model, "continuing_subword_prefix") is not null ? "WordPiece" : "?";
        Dictionary<string, int> vocabulary = model.GetProperty("vocab").ValueKind == JsonValueKind.Object
            ? VocabularyOf(model.GetProperty("vocab")) : throw Unknown("model", kind);
        ITokenModel tokens = kind switch
        {
            "WordPiece" => WordPieceOf(model, root, vocabulary, Unknown),
            "BPE" => BytePairsOf(model, root, vocabulary, Unknown),
            _ => throw Unknown("model", kind),
        };
        AddedToken[] added = Property(root, "added_tokens") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(token => new AddedToken(
                token.GetProperty("content").GetString()!, token.GetProperty("id").GetInt32(), Is(token, "lstrip"), Is(token, "rstrip"),
                Is(token, "single_word")))]
            : [];
        foreach (AddedToken token in added)
            vocabulary.TryAdd(token.Text, token.Number);
        (int[] before, int[] after) = AroundOf(root, vocabulary, Unknown);
        int? most = Property(root, "truncation") is { ValueKind: JsonValueKind.Object } truncation
            ? truncation.GetProperty("max_length").GetInt32() : null;
        return new Tokenizer(tokens, before, after, added)
        {
            MostTokens = LengthIn(config) ?? most,
            Padding = Property(root, "padding") is { ValueKind: JsonValueKind.Object } padding ? padding.GetProperty("pad_id").GetInt32()
                : vocabulary.GetValueOrDefault("[PAD]", vocabulary.GetValueOrDefault("<pad>")),
        };

        DataException Unknown(string step, string name) => new(
            $"{source}: the tokenizer beside the model has a {step} of type {DataException.Quote(name)}, which is not known; "
            + "WordPiece of BERT and byte-level BPE are.");
    }

    private static WordPiece WordPieceOf(
        JsonElement model, JsonElement root, Dictionary<string, int> vocabulary, Func<string, string, DataException> unknown)
    {
        if (TypeOf(root, "normalizer") is not "BertNormalizer" and var normaliser)
            throw unknown("normalizer", normaliser);
        if (TypeOf(root, "pre_tokenizer") is not "BertPreTokenizer" and var splitter)
            throw unknown("pre_tokenizer", splitter);
        JsonElement cleaning = root.GetProperty("normalizer");
        bool isLower = Is(cleaning, "lowercase");
        bool strips = Property(cleaning, "strip_accents") is { ValueKind: JsonValueKind.True or JsonValueKind.False } says
            ? says.GetBoolean()
            : isLower;
        return new WordPiece(
            vocabulary, vocabulary[model.GetProperty("unk_token").GetString()!],
            model.GetProperty("continuing_subword_prefix").GetString()!,
            Property(model, "max_input_chars_per_word") is { ValueKind: JsonValueKind.Number } longest ? longest.GetInt32() : 100,
            new BertCleaning(Is(cleaning, "clean_text"), Is(cleaning, "handle_chinese_chars"), strips, isLower));
    }

    private static BytePairs BytePairsOf(
        JsonElement model, JsonElement root, Dictionary<string, int> vocabulary, Func<string, string, DataException> unknown)
    {
        if (TypeOf(root, "normalizer") is not "" and var normaliser)
            throw unknown("normalizer", normaliser);
        if (TypeOf(root, "pre_tokenizer") is not "ByteLevel" and var splitter)
            throw unknown("pre_tokenizer", splitter);
        foreach (string option in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (Property(model, option) is { ValueKind: JsonValueKind.String } value && value.GetString()!.Length > 0)
                throw unknown(option, value.GetString()!);
        }

        if (Property(model, "dropout") is { ValueKind: JsonValueKind.Number } dropout && dropout.GetDouble() > 0)
            throw unknown("dropout", dropout.GetRawText());
        JsonElement bytes = root.GetProperty("pre_tokenizer");
        return new BytePairs(
            vocabulary,
            [
                .. model.GetProperty("merges").EnumerateArray().Select(merge => merge.ValueKind == JsonValueKind.Array
                    ? (At(merge, 0).GetString()!, At(merge, 1).GetString()!)
                    : PairOf(merge.GetString()!)),
            ],
            Is(bytes, "add_prefix_space"), Property(bytes, "use_regex") is not { ValueKind: JsonValueKind.False });
    }

    /// <summary>The tokens before and after every text.</summary>
    private static (int[] Before, int[] After) AroundOf(
        JsonElement root, Dictionary<string, int> vocabulary, Func<string, string, DataException> unknown)
    {
        switch (TypeOf(root, "post_processor"))
        {
            case "" or "ByteLevel":
                return ([], []);
            case "BertProcessing" or "RobertaProcessing":
                JsonElement around = root.GetProperty("post_processor");
                return ([At(around.GetProperty("cls"), 1).GetInt32()], [At(around.GetProperty("sep"), 1).GetInt32()]);
            case "TemplateProcessing":
                JsonElement template = root.GetProperty("post_processor");
                List<int> before = [], after = [];
                bool isBefore = true;
                foreach (JsonElement piece in template.GetProperty("single").EnumerateArray())
                {
                    if (Property(piece, "SpecialToken") is { } special)
                    {
                        string name = special.GetProperty("id").GetString()!;
                        IEnumerable<int> numbers = Property(template, "special_tokens") is { } tokens && Property(tokens, name) is { } token
                            ? token.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())
                            : [vocabulary[name]];
                        (isBefore ? before : after).AddRange(numbers);
                    }
                    else
                    {
                        isBefore = false;
                    }
                }

                return ([.. before], [.. after]);
            case var other:
                throw unknown("post_processor", other);
        }
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null
            ? value : null;

    private static string TypeOf(JsonElement root, string step) =>
        Property(root, step) is { } found ? Property(found, "type") is { } type ? type.GetString()! : "?" : "";

    private static JsonElement At(JsonElement list, int index) => index < list.GetArrayLength()
        ? list[index]
        : throw new FormatException($"a list of {list.GetArrayLength()} has no item {index}, counting from 0");

    private static bool Is(JsonElement element, string name) => Property(element, name) is { ValueKind: JsonValueKind.True };

    private static Dictionary<string, int> VocabularyOf(JsonElement json) =>
        json.EnumerateObject().ToDictionary(word => word.Name, word => word.Value.GetInt32());

    private static (string, string) PairOf(string line)
    {
        string[] parts = line.Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw new FormatException($"a merge is '{line}', and not two pieces");
    }

    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private sealed record AddedToken(string Text, int Number, bool TakesBlanksBefore, bool TakesBlanksAfter, bool IsWord);

    /// <summary>What BERT makes of a text before it looks words up.</summary>
    private sealed record BertCleaning(bool Cleans, bool SplitsChinese, bool StripsAccents, bool IsLower)
    {
        public string Clean(string text)
        {
            var clean = new StringBuilder(text.Length);
            foreach (Rune rune in text.EnumerateRunes())
            {
                if (Cleans && (rune.Value is 0 or 0xFFFD || IsControl(rune)))
                    continue;
                if (Cleans && Rune.IsWhiteSpace(rune))
                    clean.Append(' ');
                else if (SplitsChinese && IsChinese(rune.Value))
                    clean.Append(' ').Append(rune).Append(' ');
                else
                    clean.Append(rune);
            }

            string cleaned = clean.ToString();
            if (StripsAccents)
                cleaned = Letters.WithoutMarks(cleaned);
            return IsLower ? Letters.Lower(cleaned) : cleaned;
        }

        private static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
            && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

        private static bool IsChinese(int code) => code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
            or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
    }

    /// <summary>Words of a vocabulary, and the longest pieces of words that are not in it.</summary>
    private sealed class WordPiece(Dictionary<string, int> vocabulary, int unknown, string prefix, int longest, BertCleaning cleaning)
        : ITokenModel
    {
        public void Append(string text, bool isStart, List<int> tokens)
        {
            string clean = cleaning.Clean(text);
            int start = 0, at = 0;
            while (at < clean.Length)
            {
                Rune.TryGetRuneAt(clean, at, out Rune rune);
                int length = rune.Utf16SequenceLength;
                bool isBlank = Rune.IsWhiteSpace(rune);
                if (isBlank || IsPunctuation(rune))
                {
                    AppendWord(clean[start..at], tokens);
                    if (!isBlank)
                        AppendWord(clean.Substring(at, length), tokens);
                    start = at + length;
                }

                at += length;
            }

            AppendWord(clean[start..], tokens);
        }

        private void AppendWord(string word, List<int> tokens)
        {
            if (word.Length == 0)
                return;
            int before = tokens.Count;
            for (int at = 0; at < word.Length;)
            {
                int end = word.Length;
                int number = unknown;
                bool isFound = word.Length <= longest || word.EnumerateRunes().Count() <= longest;
                while (isFound && !vocabulary.TryGetValue(at == 0 ? word[..end] : prefix + word[at..end], out number))
                {
                    end -= end - at > 1 && char.IsLowSurrogate(word[end - 1]) ? 2 : 1;
                    isFound = end > at;
                }

                if (!isFound)
                {
                    tokens.RemoveRange(before, tokens.Count - before);
                    tokens.Add(unknown);
                    return;
                }

                tokens.Add(number);
                at = end;
            }
        }

        private static bool IsPunctuation(Rune rune) => rune.IsAscii
            ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
            : Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;
    }

    /// <summary>Bytes, joined pair by pair in the order in which the pairs were learned.</summary>
    private sealed partial class BytePairs : ITokenModel
    {
        private static readonly string[] Signs = SignsOfBytes();
        private readonly Dictionary<string, int> _vocabulary;
        private readonly Dictionary<(string, string), int> _ranks;
        private readonly bool _isSpaced, _splits;

        public BytePairs(Dictionary<string, int> vocabulary, (string, string)[] merges, bool isSpaced, bool splits)
        {
            (_vocabulary, _isSpaced, _splits) = (vocabulary, isSpaced, splits);
            _ranks = new Dictionary<(string, string), int>(merges.Length);
            foreach ((int rank, (string, string) pair) in merges.Index())
                _ranks.TryAdd(pair, rank);
        }

        public void Append(string text, bool isStart, List<int> tokens)
        {
            if (_isSpaced && text[0] != ' ')
                text = " " + text;
            if (!_splits)
            {
                AppendWord(text, tokens);
                return;
            }

            foreach (Match word in Words().Matches(text))
                AppendWord(word.Value, tokens);
        }

        private void AppendWord(string word, List<int> tokens)
        {
            List<string> parts = [.. Encoding.UTF8.GetBytes(word).Select(one => Signs[one])];
            while (parts.Count > 1)
            {
                (int best, int rank) = (-1, int.MaxValue);
                for (int i = 0; i + 1 < parts.Count; i++)
                {
                    if (_ranks.TryGetValue((parts[i], parts[i + 1]), out int found) && found < rank)
                        (best, rank) = (i, found);
                }

                if (best < 0)
                    break;
                parts[best] += parts[best + 1];
                parts.RemoveAt(best + 1);
            }

            // A piece that is not in the vocabulary has no token, as in the tokenizers of Hugging Face.
            tokens.AddRange(parts.Where(_vocabulary.ContainsKey).Select(part => _vocabulary[part]));
        }

        /// <summary>A letter that can be seen for each byte, as GPT-2 writes its vocabulary.</summary>
        private static string[] SignsOfBytes()
        {
            string[] signs = new string[256];
            int next = 256;
            for (int i = 0; i < signs.Length; i++)
                signs[i] = $"{(char)(i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? i : next++)}";
            return signs;
        }

        [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
        private static partial Regex Words();
    }

    /// <summary>Letters and their accents, without ICU, which the command runs without.</summary>
    private static class Letters
    {
        private const char FirstSyllable = '\uac00', LastSyllable = '\ud7a3';
        private const int Vowels = 21, Tails = 28;

        private static readonly Lazy<Dictionary<char, string>> Parts = new(() =>
        {
            using Stream stream = typeof(Letters).Assembly.GetManifestResourceStream("decompositions.txt")!;
            using var reader = new StreamReader(stream);
            Dictionary<char, string> parts = [];
            while (reader.ReadLine() is { } line)
            {
                char[] points = [.. line.Split(' ')
                    .Select(point => (char)int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

                // Ligatures and letters of other width are no letters with accents.
                if (points[0] is < '\ufb00' or (> '\ufb06' and < '\uff00'))
                    parts.Add(points[0], new string(points.AsSpan(1)));
            }

            return parts;
        });

        /// <summary>The letters without their accents: Unicode's NFD without nonspacing marks.</summary>
        public static string WithoutMarks(string text)
        {
            if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u007f'))
                return text;
            var letters = new StringBuilder(text.Length);
            foreach (char c in text)
            {
                if (c is >= FirstSyllable and <= LastSyllable)
                {
                    int syllable = c - FirstSyllable, tail = syllable % Tails;
                    letters.Append((char)('\u1100' + syllable / Tails / Vowels)).Append((char)('\u1161' + syllable / Tails % Vowels));
                    if (tail > 0)
                        letters.Append((char)('\u11a7' + tail));
                }
                else if (char.IsAscii(c))
                {
                    letters.Append(c);
                }
                else if (Parts.Value.TryGetValue(c, out string? parts))
                {
                    letters.Append(parts);
                }
                else
                {
                    letters.Append(c);
                }
            }

            string decomposed = letters.ToString();
            letters.Clear();
            foreach (Rune rune in decomposed.EnumerateRunes())
            {
                if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                    letters.Append(rune);
            }

            return letters.ToString();
        }

        public static string Lower(string text)
        {
            // The one letter whose small form is two: the dot of the Turkish capital I stays.
            string lower = text.ToLowerInvariant();
            return lower.Replace("\u0130", "i\u0307", StringComparison.Ordinal);
        }
    }
}
