using System.Globalization;
using System.Text;
using CertiFlip.Data;

namespace CertiFlip.Onnx.Tests;

/// <summary>
/// Tokens are those of the model's own tokenizer. The expected numbers are what Hugging Face's tokenizers 0.13 made of
/// the same files; on 5,000 reviews with the vocabulary of BERT, all tokens were the same.
/// </summary>
public class TokenizerTests
{
    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "film", "##s", "cafe", "un", "##believ", "##able", "£", "1", "##1", "$", "!",
        "don", "'", "t", "日", "本", "i", "£1", "a", "##b", "hello", ",", "##0", "50", "%", "ᄒ", "##ᅡ", "##ᆫ", "σ",
    ];

    private static readonly string Lines = string.Join('\n', Vocabulary);

    [Theory]
    [InlineData("the films", "2 5 6 7 3")]
    [InlineData("The FILMS!", "2 5 6 7 16 3")]
    [InlineData("Café", "2 8 3")]
    [InlineData("Cafe\u0301", "2 8 3")]
    [InlineData("unbelievable", "2 9 10 11 3")]
    [InlineData("unbelievably", "2 1 3")]
    [InlineData("£1", "2 23 3")]
    [InlineData("$1", "2 15 13 3")]
    [InlineData("don't", "2 17 18 19 3")]
    [InlineData("日本", "2 20 21 3")]
    [InlineData("\u0130", "2 22 3")]
    [InlineData("한", "2 31 32 33 3")]
    [InlineData("Σ", "2 34 3")]
    [InlineData("a\u0000b\u200d", "2 24 25 3")]
    [InlineData("\ufffd the\u3000film\u00ad", "2 5 6 3")]
    [InlineData("[MASK] hello[SEP]", "2 4 26 3 3")]
    [InlineData("50%, 50", "2 29 30 27 29 3")]
    [InlineData("", "2 3")]
    [InlineData(" \t\r\n", "2 3")]
    public void Word_pieces_are_those_of_the_tokenizer(string text, string expected)
    {
        Tokenizer vocabulary = Read(("vocab.txt", Lines)), json = Read(("tokenizer.json", WordPieceJson()));
        Tokenizer windows = Read(("vocab.txt", Lines.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal(expected, string.Join(' ', vocabulary.Encode(text, 100)));
        Assert.Equal(expected, string.Join(' ', json.Encode(text, 100)));
        Assert.Equal(expected, string.Join(' ', windows.Encode(text, 100)));
    }

    [Fact]
    public void Capitals_stay_where_the_vocabulary_has_them()
    {
        Tokenizer cased = Read(("vocab.txt", Lines + "\nThe\nCafé"));
        Assert.Equal([2, 35, 6, 36, 3], cased.Encode("The film Café", 100));
        Tokenizer told = Read(("vocab.txt", Lines), ("tokenizer_config.json", """{"do_lower_case": false, "model_max_length": 7}"""));
        Assert.Equal([2, 1, 3], told.Encode("The", 100));
        Assert.Equal(7, told.MostTokens);
    }

    [Fact]
    public void A_word_of_more_than_100_letters_is_unknown_and_a_long_text_is_cut()
    {
        Tokenizer tokenizer = Read(("vocab.txt", Lines));
        Assert.Equal([2, 1, 3], tokenizer.Encode("a" + new string('b', 100), 200));
        Assert.Equal(102, tokenizer.Encode("a" + new string('b', 99), 200).Length);
        Assert.Equal([2, 5, 6, 3], tokenizer.Encode("the film the film", 4));
    }

    [Theory]
    [InlineData("low lower", "0 8 9 10 2")]
    [InlineData(" low", "0 9 2")]
    [InlineData("low  low", "0 8 11 9 2")]
    [InlineData("é", "0 12 13 2")]
    [InlineData("low <mask> low", "0 8 14 9 2")]
    public void Byte_pairs_are_those_of_the_tokenizer(string text, string expected)
    {
        Tokenizer merges = Read(("vocab.json", BytePairVocabulary()), ("merges.txt", "#version: 0.2\nl o\nlo w\nĠ low\ne r\n"));
        Assert.Equal(expected, string.Join(' ', merges.Encode(text, 100)));
        Tokenizer json = Read(("tokenizer.json", BytePairJson("false")));
        Assert.Equal(expected, string.Join(' ', json.Encode(text, 100)));
    }

    [Fact]
    public void A_blank_is_put_first_where_the_tokenizer_does_so() =>
        Assert.Equal([0, 9, 2], Read(("tokenizer.json", BytePairJson("true"))).Encode("low", 100));

    [Theory]
    [InlineData("BertNormalizer", "Precompiled", "a normalizer of type 'Precompiled'")]
    [InlineData("BertPreTokenizer", "Metaspace", "a pre_tokenizer of type 'Metaspace'")]
    [InlineData("\"WordPiece\"", "\"Unigram\"", "a model of type 'Unigram'")]
    [InlineData("TemplateProcessing", "Sequence", "a post_processor of type 'Sequence'")]
    public void A_step_that_is_not_known_is_refused(string known, string other, string problem)
    {
        string json = WordPieceJson().Replace(known, other, StringComparison.Ordinal);
        string message = Assert.Throws<DataException>(() => Read(("tokenizer.json", json))).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.StartsWith("model.onnx: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json", "{", "cannot be read")]
    [InlineData("tokenizer.json", "{}", "cannot be read")]
    [InlineData("tokenizer.json", "[]", "cannot be read")]
    [InlineData("vocab.txt", "a\nb", "has no [UNK]")]
    [InlineData("other.txt", "", "there is no tokenizer beside the model")]
    public void A_file_that_is_no_tokenizer_is_refused(string name, string content, string problem) =>
        Assert.Contains(problem, Assert.Throws<DataException>(() => Read((name, content))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[\"lo\", \"w\"]", "[\"lo\"]")]
    [InlineData("[\"</s>\", 2]", "[\"</s>\"]")]
    [InlineData("[\"<s>\", 0]", "[]")]
    public void A_list_that_is_too_short_is_refused(string whole, string part)
    {
        string json = BytePairJson("true");
        Assert.Contains(whole, json, StringComparison.Ordinal);
        DataException refused = Assert.Throws<DataException>(
            () => Read(("tokenizer.json", json.Replace(whole, part, StringComparison.Ordinal))));
        Assert.Contains("cannot be read: a list of ", refused.Message, StringComparison.Ordinal);
    }

    private static Tokenizer Read(params (string Name, string Content)[] files) => Tokenizer.Read(
        name => files.Where(file => file.Name == name).Select(file => Encoding.UTF8.GetBytes(file.Content)).FirstOrDefault(),
        "model.onnx").Tokenizer;

    private static string WordPieceJson()
    {
        string words = string.Join(", ", Vocabulary.Index().Select(word => string.Create(CultureInfo.InvariantCulture,
            $"{System.Text.Json.JsonSerializer.Serialize(word.Item)}: {word.Index}")));
        string added = string.Join(", ", Vocabulary[..5].Index().Select(word => string.Create(CultureInfo.InvariantCulture,
            $$"""{"id": {{word.Index}}, "content": "{{word.Item}}", "lstrip": false, "rstrip": false, "single_word": false}""")));
        return $$$"""
            {"truncation": null, "padding": null, "added_tokens": [{{{added}}}],
             "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
               "strip_accents": null, "lowercase": true},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                          {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
               "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2]}, "[SEP]": {"id": "[SEP]", "ids": [3]} } },
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
               "vocab": { {{{words}}} } } }
            """;
    }

    private static string BytePairVocabulary() => """
        {"<s>": 0, "<pad>": 1, "</s>": 2, "l": 3, "o": 4, "w": 5, "e": 6, "lo": 7, "low": 8, "Ġlow": 9, "er": 10, "Ġ": 11, "Ã": 12,
         "©": 13, "<mask>": 14}
        """;

    private static string BytePairJson(string prefix) => $$"""
        {"added_tokens": [{"id": 0, "content": "<s>"}, {"id": 2, "content": "</s>"}, {"id": 14, "content": "<mask>", "lstrip": true}],
         "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": {{prefix}}, "use_regex": true},
         "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0]},
         "model": {"type": "BPE", "dropout": null, "vocab": {{BytePairVocabulary()}},
           "merges": ["l o", ["lo", "w"], "Ġ low", "e r"]} }
        """;
}
