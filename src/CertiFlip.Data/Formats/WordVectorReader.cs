using CertiFlip.Data.Formats;
using CertiFlip.Features.Text;

namespace CertiFlip.Data;

/// <summary>Reads vectors of words: word2vec's text and binary formats and GloVe's text, told apart by their content; or <c>.gz</c> of these.</summary>
public static class WordVectorReader
{
    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file cannot be read or does not hold vectors; the message names the line or the word.</exception>
    public static WordVectors Read(string path) => InputFile.Read(path, WordVectorFormat.Read);
}
